/* Counts per client, in a map from address to number. */
#include "tally_int.h"

#include "core/must.h"

/* One client is an IPv4 address or an IPv6 /64, the smallest net that one customer is given. */
static struct str client_key(const struct address *address)
{
	return str_n(address->bytes, address_is_v4(address) ? 16 : 8);
}

static bool is_exempt(const struct tally *tally, const struct address *client)
{
	return tally->per_client == 0 || prefixes_cover(tally->exempt, client);
}

static uintptr_t count_of(const struct tally *tally, const struct address *client)
{
	return (uintptr_t)map_get(&tally->counts, client_key(client));
}

bool tally_has_room(const struct tally *tally, const struct address *client)
{
	return is_exempt(tally, client) || count_of(tally, client) < tally->per_client;
}

bool tally_add(struct tally *tally, const struct address *client)
{
	return !is_exempt(tally, client) &&
	       map_put(&tally->counts, client_key(client), (void *)(count_of(tally, client) + 1));
}

void tally_drop(struct tally *tally, const struct address *client)
{
	uintptr_t count = count_of(tally, client);
	must(count != 0);
	if (count == 1)
		map_del(&tally->counts, client_key(client));
	else
		must(map_put(&tally->counts, client_key(client), (void *)(count - 1)));
}

void tally_free(struct tally *tally)
{
	map_free(&tally->counts);
}
