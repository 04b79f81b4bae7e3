/*
 * Reactions with emoji in joint communities, as words that partners compare: one for each person and emoji.
 * Those of people who are known here, and those that partners have told of, call a note here. Inside
 * transactions only.
 */
#include "core/must.h"
#include "joint_int.h"
#include "reaction_int.h"
#include "store/tables.h"
#include "store/told_reaction.h"
#include "store/uri.h"

static size_t row_of(struct db_txn *txn, uint64_t status, uint64_t account,
		     struct reaction out[REACTIONS_PER_PERSON])
{
	struct reckey key = reckey_u64_u64(status, account);
	struct str value;
	size_t n = 0;
	if (db_get(txn, &store_reaction, reckey_str(&key), &value) &&
	    !reactions_decode(value, out, &n))
		db_txn_fail(txn, RC_CORRUPT);
	return n;
}

/* Strings point into its row. */
static bool find(struct db_txn *txn, uint64_t status, const unsigned char *voter,
		 const unsigned char *emoji, struct reaction *out)
{
	const struct uri_entry who = uri_find_digest(txn, voter);
	struct reaction list[REACTIONS_PER_PERSON];
	size_t n = who.kind == URI_ACCOUNT ? row_of(txn, status, who.id, list) : 0;
	for (size_t i = 0; i < n; i++) {
		const struct reckey text = reckey_digest(list[i].text);
		if (memcmp(text.bytes, emoji, JOINT_NAME_SIZE) == 0) {
			*out = list[i];
			return true;
		}
	}
	return told_reaction_get(txn, status, voter, emoji, out);
}

static void note_in(struct db_txn *txn, uint64_t community, const struct joint_item *post,
		    const unsigned char *voter, const unsigned char *emoji)
{
	struct joint_word word = { .about = JOINT_REACTIONS };
	struct reaction r;
	memcpy(word.name, post->name, JOINT_NAME_SIZE);
	memcpy(word.name + JOINT_NAME_SIZE, voter, JOINT_NAME_SIZE);
	memcpy(word.name + (size_t)2 * JOINT_NAME_SIZE, emoji, JOINT_NAME_SIZE);
	const unsigned there = find(txn, post->status, voter, emoji, &r);
	joint_word_get(txn, community, &word);
	if (word.state == there)
		return;
	word.state = there;
	word.at_ms = db_txn_now(txn);
	joint_word_put(txn, community, &word);
}

void joint_reaction_note(struct db_txn *txn, uint64_t status, const unsigned char *voter,
			 const unsigned char *emoji)
{
	struct joint_item post = { .status = status };
	uint64_t community = joint_at_find(txn, status, post.name);
	if (community != 0)
		note_in(txn, community, &post, voter, emoji);
}

void joint_reaction_note_by(struct db_txn *txn, uint64_t status, uint64_t account, struct str text)
{
	const struct reckey emoji = reckey_digest(text);
	struct joint_item post = { .status = status };
	unsigned char voter[JOINT_NAME_SIZE];
	uint64_t community = joint_at_find(txn, status, post.name);
	if (community != 0 && joint_voter_name(txn, account, voter))
		note_in(txn, community, &post, voter, emoji.bytes);
}

void joint_reactions_note_of(struct db_txn *txn, uint64_t community, const struct joint_item *post,
			     uint64_t account)
{
	unsigned char voter[JOINT_NAME_SIZE], emoji[REACTIONS_PER_PERSON][JOINT_NAME_SIZE];
	struct reaction list[REACTIONS_PER_PERSON];
	size_t n = row_of(txn, post->status, account, list);
	/* what is written moves what the row points to */
	for (size_t i = 0; i < n; i++) {
		const struct reckey text = reckey_digest(list[i].text);
		memcpy(emoji[i], text.bytes, JOINT_NAME_SIZE);
	}
	if (n == 0 || !joint_voter_name(txn, account, voter))
		return;
	for (size_t i = 0; i < n; i++)
		note_in(txn, community, post, voter, emoji[i]);
}

void joint_reaction_note_told(struct db_txn *txn, uint64_t community, const struct joint_item *post,
			      const unsigned char *names)
{
	note_in(txn, community, post, names, names + JOINT_NAME_SIZE);
}

bool joint_reaction_get(struct db_txn *txn, struct arena *arena, uint64_t community,
			const struct joint_word *word, struct reaction *out)
{
	struct joint_item post;
	must(word->about == JOINT_REACTIONS);
	if (!joint_item_get(txn, community, word->name, &post) ||
	    !find(txn, post.status, word->name + JOINT_NAME_SIZE,
		  word->name + (size_t)2 * JOINT_NAME_SIZE, out))
		return false;
	out->text = arena_str(arena, out->text);
	out->host = arena_str(arena, out->host);
	out->url = arena_str(arena, out->url);
	out->uri = STR("");
	return !arena_failed(arena);
}
