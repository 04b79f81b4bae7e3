/*
 * How much a host may cost in a minute: documents fetched from it, activities taken from it (S-016,
 * S-059). Each purpose counts for itself, so that strangers who merely name a host's keys do not
 * use up what its verified senders need. Bounded. Any thread.
 */
#include <stdlib.h>

#include "core/must.h"
#include "fed_int.h"

#define ROWS_MAX 20000

struct row {
	uint64_t
		begun_ms; /* its minute begins with the first that is asked for: a burst has one budget */
	uint64_t spent;
};

struct budgets {
	pthread_mutex_t lock;
	struct map rows; /* purpose, host -> struct row */
};

struct budgets *budgets_new(void)
{
	struct budgets *b = calloc(1, sizeof(*b));
	must(b != NULL);
	pthread_mutex_init(&b->lock, NULL);
	return b;
}

static void rows_drop(struct map *rows)
{
	size_t at = 0;
	struct str name;
	void *value;
	while (map_next(rows, &at, &name, &value))
		free(value);
	map_free(rows);
}

void budgets_free(struct budgets **budgets)
{
	if (*budgets == NULL)
		return;
	rows_drop(&(*budgets)->rows);
	pthread_mutex_destroy(&(*budgets)->lock);
	free(*budgets);
	*budgets = NULL;
}

/* All ports of a name are one host (S-060). Addresses stand for hosts in tests only, and there each
 * port is one. */
static struct str host_of(struct str authority)
{
	struct str host = str_take(authority, str_rindex(authority, ':'));
	for (size_t i = 0; i < host.len; i++) {
		bool numeric = (host.ptr[i] >= '0' && host.ptr[i] <= '9') || host.ptr[i] == '.';
		if (!numeric && host.ptr[i] != '[')
			return host;
		if (host.ptr[i] == '[')
			break;
	}
	return authority;
}

static struct row *row_of(struct map *rows, struct str name)
{
	struct row *row = map_get(rows, name);
	if (row != NULL)
		return row;
	if (map_count(rows) >= ROWS_MAX)
		rows_drop(rows);
	row = calloc(1, sizeof(*row));
	if (row != NULL && !map_put(rows, name, row)) {
		free(row);
		row = NULL;
	}
	return row;
}

bool budget_spend(struct fed *fed, enum budget what, struct str authority, uint64_t per_minute)
{
	struct str host = host_of(authority);
	uint64_t now = clock_steady_ms(fed->clock);
	char bytes[1 + DB_KEY_MAX];
	if (host.len > DB_KEY_MAX)
		return false;
	bytes[0] = (char)what;
	memcpy(bytes + 1, host.ptr, host.len);
	pthread_mutex_lock(&fed->budgets->lock);
	struct row *row = row_of(&fed->budgets->rows, str_n(bytes, 1 + host.len));
	if (row != NULL && (row->spent == 0 || now - row->begun_ms >= MS_PER_MINUTE))
		*row = (struct row){ .begun_ms = now };
	bool left = row != NULL && row->spent++ < per_minute;
	pthread_mutex_unlock(&fed->budgets->lock);
	return left;
}
