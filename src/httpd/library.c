/* Which libmicrohttpd runs (S-131). */
#include <microhttpd.h>

#include "httpd/httpd.h"

const char *httpd_library_version(void)
{
	return MHD_get_version();
}
