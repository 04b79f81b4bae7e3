/* Windows of clients. With the caller's lock. */
#include "allowance.h"

#include <arpa/inet.h>
#include <stdio.h>

#define PREFIX_BYTES 8 /* of IPv6: one customer has all of a /64 (S-105) */

static uint64_t subject_of(struct str client)
{
	char text[INET6_ADDRSTRLEN] = "";
	unsigned char bytes[16];
	struct str network = client;
	snprintf(text, sizeof(text), "%.*s", STR_ARG(client));
	if (inet_pton(AF_INET6, text, bytes) == 1)
		network = str_n(bytes, PREFIX_BYTES);
	return str_hash(network) | 1;
}

static struct allowance_window *find(struct allowance_window ways[ALLOWANCE_WAYS], uint64_t subject)
{
	struct allowance_window *oldest = &ways[0];
	for (size_t i = 0; i < ALLOWANCE_WAYS; i++) {
		if (ways[i].subject == subject)
			return &ways[i];
		if (ways[i].ends_ms < oldest->ends_ms)
			oldest = &ways[i];
	}
	return oldest;
}

uint64_t allowance_take(struct allowance *allowance, struct str client, uint64_t limit,
			uint64_t now_ms)
{
	uint64_t subject = subject_of(client);
	struct allowance_window *w =
		find(allowance->windows[(subject >> 1) % ALLOWANCE_BUCKETS], subject);
	if (w->subject != subject || w->ends_ms <= now_ms)
		*w = (struct allowance_window){ subject, now_ms + ALLOWANCE_WINDOW_MS, 0 };
	if (w->count >= limit)
		return w->ends_ms - now_ms;
	w->count++;
	return 0;
}
