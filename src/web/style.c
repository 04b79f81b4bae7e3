/* The style sheet, the icon and the script, as bytes. */
#include "web_int.h"

void style_write(struct buf *out)
{
	for (size_t i = 0; style_lines[i] != NULL; i++)
		buf_add(out, str_of(style_lines[i]));
}

/* Two streams that meet. */
const struct str style_icon =
	STR_INIT("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\">"
		 "<rect width=\"32\" height=\"32\" rx=\"9\" fill=\"#2f5fd0\"/>"
		 "<g fill=\"none\" stroke=\"#fff\" stroke-width=\"3\" stroke-linecap=\"round\">"
		 "<path d=\"M6 12c5 0 5-4 10-4s5 4 10 4\"/>"
		 "<path d=\"M6 18c5 0 5-4 10-4s5 4 10 4\" opacity=\".8\"/>"
		 "<path d=\"M6 24c5 0 5-4 10-4s5 4 10 4\" opacity=\".6\"/></g></svg>\n");

void script_write(struct buf *out)
{
	for (size_t i = 0; script_lines[i] != NULL; i++)
		buf_add(out, str_of(script_lines[i]));
}
