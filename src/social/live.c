/* Effects of acts, on their way from a transaction to the bus. The writer's thread, or pure. */
#include "social/live.h"

#include "core/must.h"
#include "social/see.h"

static const char *const kind_ids[] = {
#define X(constant, number, ids) [number] = (ids),
	LIVE_TABLE(X)
#undef X
};

static bool kind_known(uint64_t kind)
{
	return kind < ARRAY_LEN(kind_ids) && kind_ids[kind] != NULL;
}

void live_tell(struct db_txn *txn, enum live_kind kind, uint64_t a, uint64_t b, uint64_t c)
{
	const struct db_effect effect = { .kind = kind, .ids = { a, b, c } };
	db_effect(txn, &effect);
}

static uint32_t flags_of(const struct status *status, bool old)
{
	uint32_t flags = (uint32_t)status->visibility & LIVE_VISIBILITY;
	if ((status->flags & STATUS_LOCAL) != 0)
		flags |= LIVE_LOCAL;
	if ((status->flags & STATUS_REPLY) != 0)
		flags |= LIVE_REPLY;
	return old ? flags | LIVE_OLD : flags;
}

void live_tell_status(struct db_txn *txn, enum live_kind kind, const struct status *status,
		      bool old)
{
	struct db_effect effect = { .kind = kind,
				    .flags = flags_of(status, old),
				    .ids = { status->id, status->account, status->boost_of } };
	if (is_held_back(status))
		return;
	db_effect(txn, &effect);
	if (kind != LIVE_STATUS_REMOVED)
		return;
	effect.kind = LIVE_STATUS_TAKEN;
	for (unsigned i = 0; i < status->mention_count; i++) {
		effect.ids[2] = status->mentions[i].account;
		if (effect.ids[2] != 0 && effect.ids[2] != status->account)
			db_effect(txn, &effect);
	}
}

void live_tell_reaction(struct db_txn *txn, uint64_t announcement, struct str name)
{
	struct db_effect effect = { .kind = LIVE_ANNOUNCEMENT_REACTION, .ids = { announcement } };
	if (name.len <= LIVE_NAME_MAX) {
		effect.flags = (uint32_t)name.len;
		memcpy(&effect.ids[1], name.ptr, name.len);
	}
	db_effect(txn, &effect);
}

struct str live_name(const struct db_effect *effect, char out[LIVE_NAME_MAX])
{
	size_t len = effect->flags <= LIVE_NAME_MAX ? effect->flags : 0;
	memcpy(out, &effect->ids[1], LIVE_NAME_MAX);
	return str_n(out, len);
}

void live_publish(void *arg, const struct db_effect *effects, size_t count)
{
	struct bus *bus = arg;
	for (size_t i = 0; i < count; i++) {
		must(kind_known(effects[i].kind));
		if (!bus_is_heard(bus, BUS_KIND(effects[i].kind)))
			continue;
		struct bus_event *event =
			bus_event_new(effects[i].kind, &effects[i], sizeof(effects[i]));
		bus_publish(bus, &event);
	}
}

const struct db_effect *live_of_event(const struct bus_event *event)
{
	must(event->len == sizeof(struct db_effect));
	return (const void *)event->data;
}

void live_format(struct buf *out, const struct db_effect *effects, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct db_effect *e = &effects[i];
		if (out->len != 0)
			buf_add_chr(out, ' ');
		buf_addf(out, "%u %u %llu %llu %llu", e->kind, e->flags,
			 (unsigned long long)e->ids[0], (unsigned long long)e->ids[1],
			 (unsigned long long)e->ids[2]);
	}
}

bool live_parse(struct str *text, struct db_effect *out)
{
	uint64_t numbers[5];
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		struct str word;
		if (!str_next(text, ' ', &word) || !str_to_u64(word, &numbers[i]))
			return false;
	}
	if (!kind_known(numbers[0]) || numbers[1] > UINT32_MAX)
		return false;
	*out = (struct db_effect){ .kind = (uint32_t)numbers[0],
				   .flags = (uint32_t)numbers[1],
				   .ids = { numbers[2], numbers[3], numbers[4] } };
	return true;
}
