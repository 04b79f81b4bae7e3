/* Conversations, kept up with the letters that come and go. Inside write transactions. */
#include "social/conversation.h"

#include "act_int.h"
#include "store/graph.h"

#define LOOK_BACK 512 /* letters of an account, for the one before */
#define CHUNK 32

static bool is_letter(const struct status *s)
{
	return s->visibility == VISIBILITY_DIRECT && (s->flags & STATUS_BOOST) == 0;
}

/* The author and those who are named, each once. */
struct party {
	uint64_t ids[STATUS_MENTIONS_MAX + 1];
	unsigned count;
};

static void party_add(struct party *party, uint64_t account)
{
	for (unsigned i = 0; i < party->count; i++) {
		if (party->ids[i] == account)
			return;
	}
	if (account != 0)
		party->ids[party->count++] = account;
}

static struct party party_of(const struct status *letter)
{
	struct party party = { .count = 0 };
	party_add(&party, letter->account);
	for (unsigned i = 0; i < letter->mention_count; i++)
		party_add(&party, letter->mentions[i].account);
	return party;
}

static void others_fill(struct conversation *c, const struct party *party, uint64_t account)
{
	c->with_count = 0;
	for (unsigned i = 0; i < party->count && c->with_count < STATUS_MENTIONS_MAX; i++) {
		if (party->ids[i] != account)
			c->with[c->with_count++] = party->ids[i];
	}
}

static bool has_it(struct social *s, uint64_t account, const struct status *letter)
{
	struct account a;
	return account_get(s->txn, s->ctx->arena, account, &a) && account_is_local(&a) &&
	       !account_is_gone(&a) && !block_exists(s->txn, account, letter->account) &&
	       !block_exists(s->txn, letter->account, account);
}

void conversation_tell(struct social *s, const struct status *letter)
{
	if (!is_letter(letter) || is_held_back(letter))
		return;
	struct party party = party_of(letter);
	for (unsigned i = 0; i < party.count; i++) {
		struct conversation c = { .root = letter->root };
		if (!has_it(s, party.ids[i], letter))
			continue;
		letter_put(s->txn, party.ids[i], letter->id, letter->root);
		conversation_get(s->txn, party.ids[i], letter->root, &c);
		/* an old one that became known late ends nothing */
		if (c.last > letter->id)
			continue;
		c.last = letter->id;
		c.unread = letter->account != party.ids[i] && !s->quiet;
		others_fill(&c, &party, party.ids[i]);
		conversation_put(s->txn, party.ids[i], &c);
		live_tell(s->txn, LIVE_CONVERSATION, party.ids[i], c.root, letter->id);
	}
}

/* 0 when there is none, or it is too long ago. */
static uint64_t letter_before(struct social *s, uint64_t account, uint64_t root, uint64_t id)
{
	struct id_range range = { .max_id = id };
	struct letter some[CHUNK];
	for (size_t looked = 0, n; looked < LOOK_BACK; looked += n) {
		n = letter_list(s->txn, account, &range, some, CHUNK);
		for (size_t i = 0; i < n; i++) {
			if (some[i].root == root)
				return some[i].status;
		}
		if (n < CHUNK)
			break;
		id_range_pass(&range, some[n - 1].status);
	}
	return 0;
}

static void conversation_go_back(struct social *s, uint64_t account, uint64_t root, uint64_t id)
{
	struct conversation c;
	struct status before;
	c.last = letter_before(s, account, root, id);
	if (c.last == 0 || !status_get(s->txn, s->ctx->arena, c.last, &before)) {
		conversation_del(s->txn, account, root);
		return;
	}
	uint64_t last = c.last;
	struct party party = party_of(&before);
	if (!conversation_get(s->txn, account, root, &c))
		return;
	c.last = last;
	others_fill(&c, &party, account);
	conversation_put(s->txn, account, &c);
}

void conversation_untell(struct social *s, const struct status *letter)
{
	if (!is_letter(letter))
		return;
	struct party party = party_of(letter);
	for (unsigned i = 0; i < party.count; i++) {
		uint64_t root = conversation_ending(s->txn, party.ids[i], letter->id);
		letter_del(s->txn, party.ids[i], letter->id);
		if (root != 0)
			conversation_go_back(s, party.ids[i], root, letter->id);
	}
}

enum rc act_read_conversation(struct social *s, const struct account *account, uint64_t root,
			      bool unread)
{
	struct conversation c;
	if (!conversation_get(s->txn, account->id, root, &c))
		return act_end(s, RC_NOT_FOUND);
	c.unread = unread;
	conversation_put(s->txn, account->id, &c);
	return act_end(s, RC_OK);
}

enum rc act_drop_conversation(struct social *s, const struct account *account, uint64_t root)
{
	return act_end(s, conversation_del(s->txn, account->id, root) ? RC_OK : RC_NOT_FOUND);
}
