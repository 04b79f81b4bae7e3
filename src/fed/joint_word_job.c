/*
 * What people have said in a joint community, as a partner tells of it (part of JOB_JOINT): votes and reactions, by
 * the digests of the ids of posts and people, and bans. A page is read whole or not at all; each word is
 * then weighed by social (S-027). A person who is not known here is asked for before they are banned.
 */
#include "core/enc.h"
#include "core/must.h"
#include "core/utf8.h"
#include "db/rec.h"
#include "joint_job_int.h"
#include "store/uri.h"
#include "text/iri.h"

#define WORDS_MAX 1000 /* that one page is read to have */
#define INDEX_VOTES 500
#define INDEX_BANS 32
#define REASON_MAX 2000
#define BAN_TRIES 3 /* while nobody comes of those who are on their way */

/* --- a page --- */

static bool name_read(struct str hex, unsigned char out[JOINT_NAME_SIZE])
{
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(JOINT_NAME_SIZE);
	if (hex.len != JOINT_NAME_SIZE * 2 || !enc_unhex(&bytes, hex) ||
	    bytes.len != JOINT_NAME_SIZE)
		return false;
	memcpy(out, buf_str(&bytes).ptr, JOINT_NAME_SIZE);
	return true;
}

static bool vote_read(struct jr item, struct joint_word *out)
{
	struct str vote = jr_str(jr_get(item, "vote"));
	if (!name_read(jr_str(jr_get(item, "post")), out->name) ||
	    !name_read(jr_str(jr_get(item, "voter")), out->name + JOINT_NAME_SIZE))
		return false;
	out->state = str_eq(vote, STR("up"))	 ? JOINT_VOTE_UP
		     : str_eq(vote, STR("down")) ? JOINT_VOTE_DOWN
						 : JOINT_VOTE_NONE;
	return out->state != JOINT_VOTE_NONE || str_eq(vote, STR("none"));
}

/* An emoji that is not known here, or is not what its digest says, is passed over: what a newer Unicode has is
 * no reason to believe nothing else. */
static bool reaction_read(struct joint_work *w, struct jr item, struct joint_told_word *out)
{
	struct ctx quiet = { .arena = w->ctx.arena };
	struct ap_reader reader = { &quiet, w->fed->site->iri_flags };
	unsigned char *emoji = out->word.name + (size_t)2 * JOINT_NAME_SIZE;
	if (!name_read(jr_str(jr_get(item, "post")), out->word.name) ||
	    !name_read(jr_str(jr_get(item, "voter")), out->word.name + JOINT_NAME_SIZE) ||
	    !name_read(jr_str(jr_get(item, "emoji")), emoji))
		return false;
	out->word.state = jr_type(jr_get(item, "content")) != JR_ABSENT;
	if (out->word.state == 0)
		return true;
	const enum rc rc = ap_reaction_decode(&reader, item, &out->reaction);
	const struct reckey name = reckey_digest(rc == RC_OK ? out->reaction.text : STR(""));
	const bool custom = out->reaction.emoji.shortcode.ptr != NULL;
	if (rc != RC_OK || memcmp(name.bytes, emoji, JOINT_NAME_SIZE) != 0 ||
	    (custom && iri_authority(&quiet, jr_str(jr_get(item, "host")), w->fed->site->iri_flags,
				     &out->host) != RC_OK))
		out->reaction.text = STR_NONE;
	return true;
}

struct str joint_reason(struct joint_work *w, struct jr item)
{
	struct str reason = jr_str(jr_get(item, "summary"));
	return reason.len <= REASON_MAX && utf8_valid(reason) ? arena_str(w->ctx.arena, reason)
							      : STR("");
}

static bool ban_read(struct joint_work *w, struct jr item, struct joint_told_word *out)
{
	struct ap_reader reader = { &w->ctx, w->fed->site->iri_flags };
	struct str id = ap_id(&reader, jr_get(item, "id"));
	if (id.ptr == NULL)
		return false;
	struct reckey name = reckey_digest(id);
	memcpy(out->word.name, name.bytes, JOINT_NAME_SIZE);
	out->word.state = jr_bool(jr_get(item, "banned"), false);
	out->word.until_ms = out->word.state != 0 ? joint_number(item, "until") : 0;
	out->person = arena_str(w->ctx.arena, id);
	out->reason = joint_reason(w, item);
	return true;
}

static bool word_read(struct joint_work *w, struct jr item, struct joint_told_word *out)
{
	*out = (struct joint_told_word){ .word = { .about = w->task.about },
					 .person = STR(""),
					 .reason = STR("") };
	out->word.at_ms = joint_number(item, "stateTime");
	return w->task.about == JOINT_VOTES	  ? vote_read(item, &out->word)
	       : w->task.about == JOINT_REACTIONS ? reaction_read(w, item, out)
						  : ban_read(w, item, out);
}

bool joint_words_read(struct joint_work *w, struct jr root)
{
	struct jr items = jr_get(root, "orderedItems");
	const unsigned char *before = w->task.inside ? w->task.name : NULL;
	size_t n = jr_one_count(items);
	w->words = ARENA_ARRAY(w->ctx.arena, WORDS_MAX, struct joint_told_word);
	if (w->words == NULL || n > WORDS_MAX)
		return false;
	for (; w->count < n; w->count++) {
		struct joint_word *word = &w->words[w->count].word;
		if (!word_read(w, jr_one_at(items, w->count), &w->words[w->count]) ||
		    joint_word_bucket(word) != w->bucket ||
		    (before != NULL && memcmp(before, word->name, JOINT_WORD_NAME) >= 0))
			return false;
		before = word->name;
	}
	w->last = jr_type(jr_get(root, "next")) == JR_ABSENT;
	return w->last || w->count != 0;
}

/* --- what it says --- */

static void ban_later(struct joint_work *w, struct social *s, const struct joint_told_word *told)
{
	const struct joint_task task = { .step = JOINT_STEP_BAN,
					 .community = w->task.community,
					 .partner = w->task.partner,
					 .uri = told->person,
					 .state_ms = told->word.at_ms,
					 .until_ms = told->word.until_ms,
					 .text = told->reason };
	if (w->next.lacking++ < JOINT_TAKEN_MAX && joint_asks(w) &&
	    peer_permitted_uri(w->fed, told->person))
		joint_task_add(s, &task, uri_authority(told->person), 0);
}

static enum rc reaction_take(struct social *s, const struct joint_speaker *by,
			     const struct joint_told_word *told)
{
	const struct reaction r = reaction_told(s, &told->reaction, told->host);
	/* of ours only those that there are */
	if (told->word.state != 0 &&
	    (r.text.ptr == NULL || (r.host.len != 0 && str_eq(r.host, s->site->domain))))
		return RC_NOT_FOUND;
	return joint_reaction_compared(s, by, &told->word, &r);
}

static enum rc take(struct joint_work *w, struct social *s, const struct joint_speaker *by,
		    const struct joint_told_word *told)
{
	if (w->task.about == JOINT_VOTES)
		return joint_vote_compared(s, by, &told->word);
	if (w->task.about == JOINT_REACTIONS)
		return reaction_take(s, by, told);
	enum rc rc = joint_ban_compared(s, by, told->person, &told->word, told->reason);
	if (rc == RC_NOT_FOUND && !site_owns_text(w->fed->site, told->person))
		ban_later(w, s, told);
	return rc;
}

void joint_words_step(struct joint_work *w, struct social *s)
{
	struct joint_speaker by;
	struct joint j;
	if (!joint_still_agreed(w, s, &j))
		return;
	joint_speaker_open(s, &w->group, w->task.community, &by);
	for (size_t i = 0; i < w->count && db_txn_rc(s->txn) == RC_OK; i++) {
		if (take(w, s, &by, &w->words[i]) == RC_OK)
			w->next.took = true;
	}
	joint_page_done(w, s, w->count != 0 ? w->words[w->count - 1].word.name : NULL,
			JOINT_WORD_NAME);
}

/* --- somebody who was not known --- */

static void ban_step(struct joint_work *w, struct social *s)
{
	struct joint_word word = { .about = JOINT_BANS,
				   .state = 1,
				   .at_ms = w->task.state_ms,
				   .until_ms = w->task.until_ms };
	struct reckey name = reckey_digest(w->task.uri);
	struct joint_speaker by;
	struct joint j;
	if (!joint_still_agreed(w, s, &j))
		return;
	memcpy(word.name, name.bytes, JOINT_NAME_SIZE);
	joint_speaker_open(s, &w->group, w->task.community, &by);
	/* others hear of it with all else that has come (joint_bans_again()) */
	(void)!joint_ban_compared(s, &by, w->task.uri, &word, w->task.text);
}

bool joint_bans_again(struct joint_work *w, struct social *s)
{
	struct joint_task *t = &w->next;
	t->took = t->took || t->lacking < t->state;
	/* the round in which posts are waited for (before) looks at bans, too */
	if (t->lacking == 0 || t->before != 0 || (t->tries >= BAN_TRIES && t->lacking >= t->state))
		return false;
	const struct joint_task next = { .step = JOINT_STEP_COMPARE,
					 .community = t->community,
					 .partner = t->partner,
					 .about = JOINT_BANS,
					 .tries = t->tries + 1,
					 .state = t->lacking,
					 .took = t->took,
					 .pages = t->pages,
					 .uri = STR("") };
	joint_task_add(s, &next, uri_authority(w->group.uri), joint_later(s, t->tries));
	return true;
}

void joint_ban_run(struct joint_work *w)
{
	w->step = ban_step;
	fed_resolve_actor(w->fed, w->task.uri, false, joint_came, w);
}

/* --- what is here already --- */

static void votes_step(struct joint_work *w, struct social *s, struct joint *j)
{
	struct joint_walk walk = { .status = w->task.after, .kind = w->task.state };
	memcpy(walk.after, w->task.name, sizeof(walk.after));
	if (!joint_votes_index(s->txn, w->task.community, &walk, INDEX_VOTES)) {
		w->next.after = walk.status;
		w->next.state = walk.kind;
		memcpy(w->next.name, walk.after, sizeof(walk.after));
		joint_task_encode(&w->payload, &w->next);
		return;
	}
	/* it may compare now */
	j->indexed = true;
	const struct joint_task task = { .step = JOINT_STEP_COMPARE,
					 .community = j->community,
					 .partner = j->partner,
					 .uri = STR("") };
	if (joint_put(s->txn, j) == RC_OK)
		joint_task_add(s, &task, uri_authority(w->group.uri), 0);
}

/* Bans first, then votes (about votes). */
void joint_index_words_step(struct joint_work *w, struct social *s)
{
	struct joint j;
	if (!joint_still_agreed(w, s, &j))
		return;
	if (w->task.about == JOINT_VOTES)
		return votes_step(w, s, &j);
	if (joint_bans_index(s->txn, s->ctx->arena, w->task.community, &w->next.after, INDEX_BANS) <
	    INDEX_BANS) {
		w->next.about = JOINT_VOTES;
		w->next.after = 0;
	}
	joint_task_encode(&w->payload, &w->next);
}
