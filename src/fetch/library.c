/* Which libcurl runs (S-131). */
#include <curl/curl.h>

#include "fetch/fetch.h"

const char *fetch_library_version(void)
{
	return curl_version_info(CURLVERSION_NOW)->version;
}
