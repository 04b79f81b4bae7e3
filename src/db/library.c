/* Which LMDB runs (S-131). */
#include <lmdb.h>

#include "db/db.h"

const char *db_library_version(void)
{
	return mdb_version(NULL, NULL, NULL);
}
