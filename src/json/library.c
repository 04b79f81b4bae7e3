/* Which json-c runs (S-131). */
#include <json-c/json.h>

#include "json/jr.h"

const char *json_library_version(void)
{
	return json_c_version();
}
