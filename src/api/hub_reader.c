/*
 * What the person behind a channel reads, kept in one piece for as long as it stays the same, so that each
 * post costs a comparison and not a walk over all whom they follow. The hub's thread.
 */
#include "hub_event_int.h"
#include "store/graph.h"

#include <stdlib.h>

struct hub_reader {
	uint64_t interest; /* interest_of() when it was read */
	struct reader reader;
	struct feed_list list;
	/* followees, members, tags and their bytes follow */
};

void hub_reader_free(struct hub_reader **reader)
{
	free(*reader);
	*reader = NULL;
}

static size_t tag_bytes(const struct reader *r)
{
	size_t bytes = 0;
	for (size_t i = 0; i < r->tag_count; i++)
		bytes += sizeof(r->tags[i]) + r->tags[i].len;
	return bytes;
}

static void *put(char **at, const void *from, size_t len)
{
	void *to = *at;
	if (len != 0)
		memcpy(to, from, len);
	*at += len;
	return to;
}

/* A copy of what was read into memory that does not last. NULL without memory. */
static struct hub_reader *keep(const struct reader *r, uint64_t interest)
{
	size_t members = r->list != NULL ? r->list->member_count : 0;
	struct hub_reader *kept = malloc(
		sizeof(*kept) + (r->followee_count + members) * sizeof(uint64_t) + tag_bytes(r));
	if (kept == NULL)
		return NULL;
	char *at = (char *)(kept + 1);
	kept->interest = interest;
	kept->reader = *r;
	kept->reader.followees = put(&at, r->followees, r->followee_count * sizeof(uint64_t));
	if (r->list != NULL) {
		kept->list = *r->list;
		kept->list.members = put(&at, r->list->members, members * sizeof(uint64_t));
		kept->reader.list = &kept->list;
	}
	struct str *tags = put(&at, r->tags, r->tag_count * sizeof(struct str));
	for (size_t i = 0; i < r->tag_count; i++)
		tags[i].ptr = put(&at, r->tags[i].ptr, r->tags[i].len);
	kept->reader.tags = tags;
	return kept;
}

const struct reader *hub_reader(struct hub *hub, struct db_txn *txn, struct hub_channel *channel)
{
	uint64_t account = channel->links->client->account;
	uint64_t list = channel->kind == TOPIC_LIST ? channel->id : 0;
	uint64_t interest = interest_of(txn, account);
	struct reader fresh;
	if (channel->reader != NULL && channel->reader->interest == interest)
		return &channel->reader->reader;
	hub_reader_free(&channel->reader);
	if (reader_load(txn, hub->scratch, account, list, &fresh))
		channel->reader = keep(&fresh, interest);
	arena_reset(hub->scratch);
	return channel->reader != NULL ? &channel->reader->reader : NULL;
}
