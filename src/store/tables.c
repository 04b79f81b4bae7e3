/* The registry of this module's tables. */
#include "store/tables.h"

#include "core/attr.h"

#define X(part, table_name, text) \
	struct db_table store_##part = { .name = table_name, .help = text };
STORE_TABLES(X)
#undef X

struct db_table *const store_tables[] = {
#define X(part, name, help) &store_##part,
	STORE_TABLES(X)
#undef X
};

const size_t store_table_count = ARRAY_LEN(store_tables);
