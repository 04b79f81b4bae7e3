/* Which libxml2 runs (S-131). */
#include <libxml/parser.h>

#include "text/html.h"

const char *text_library_version(void)
{
	return xmlParserVersion;
}
