/*
 * The decoders of stored records under any bytes (FZ-07): the first byte says which. What reads well is written back to the very same
 * bytes; nothing else gets further than a refusal.
 */
#include <stddef.h>
#include <stdint.h>

#include "../account_int.h"
#include "../audit_int.h"
#include "../badge_int.h"
#include "../blocklist_int.h"
#include "../check_int.h"
#include "../community_int.h"
#include "../consultation_int.h"
#include "../event_int.h"
#include "../factor_int.h"
#include "../graph_int.h"
#include "../joint_int.h"
#include "../ledger_int.h"
#include "../medium_int.h"
#include "../office_int.h"
#include "../poll_int.h"
#include "../report_int.h"
#include "../resource_int.h"
#include "../search_int.h"
#include "../severance_int.h"
#include "../sieve_int.h"
#include "../sign_up_int.h"
#include "../status_int.h"
#include "../strike_int.h"
#include "../subscription_int.h"
#include "../ticket_int.h"
#include "../wave_int.h"
#include "core/must.h"

#define ARENA_MAX ((size_t)8 << 20)

static void try_justice(struct arena *arena, struct str value)
{
	struct ctx ctx = { .arena = arena };
	struct strike strike = { .id = 7 };
	struct preset preset;
	struct severance severance;
	struct severed severed;
	struct audit_row row = { .number = 1 };
	struct audit_chain chain = { .number = 0 };
	if (strike_decode(value, &strike))
		must(strike.status_count <= STRIKE_STATUSES_MAX &&
		     strike.rule_count <= REPORT_RULES_MAX && strike.action < MODERATIONS);
	if (preset_decode(value, &preset))
		must(preset.text.len <= value.len);
	if (severance_decode(value, &severance))
		must(severance.target.len <= value.len);
	if (severed_decode(value, &severed))
		must(severed.handle.len <= value.len);
	if (audit_decode(value, &row))
		(void)audit_chain_next(&ctx, &chain, &row);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_account(struct arena *arena, struct str value)
{
	struct buf again CLEANUP(buf_free) = BUF_INIT(ACCOUNT_MAX_BYTES);
	struct account *a = ARENA_NEW(arena, struct account);
	must(a != NULL);
	if (!account_decode(arena, value, 7, a))
		return;
	account_encode(&again, a);
	must(again.failed || str_eq(buf_str(&again), value));
}

static void try_status(struct arena *arena, struct str value)
{
	struct buf again CLEANUP(buf_free) = BUF_INIT(STATUS_MAX_BYTES);
	struct status s;
	if (!status_decode(arena, value, 7, &s))
		return;
	status_encode(&again, &s);
	must(again.failed || str_eq(buf_str(&again), value));
}

static void try_polls(struct arena *arena, struct str value)
{
	struct buf again CLEANUP(buf_free) = BUF_INIT(POLL_MAX_BYTES);
	struct poll poll;
	struct poll_vote vote;
	if (poll_decode(arena, value, &poll)) {
		poll_encode(&again, &poll);
		must(again.failed || str_eq(buf_str(&again), value));
	}
	buf_reset(&again);
	if (poll_vote_decode(value, &vote)) {
		poll_vote_encode(&again, &vote);
		must(again.failed || str_eq(buf_str(&again), value));
	}
}

static void try_medium(struct str value)
{
	struct buf again CLEANUP(buf_free) = BUF_INIT(MEDIUM_MAX_BYTES);
	struct medium m;
	if (!medium_decode(value, 7, &m))
		return;
	medium_encode(&again, &m);
	must(again.failed || str_eq(buf_str(&again), value));
}

static void try_edges(struct str value)
{
	struct follow follow;
	struct block block;
	struct audience_inbox inbox;
	struct uri_entry entry;
	if (follow_decode(value, &follow))
		must(follow.state <= FOLLOW_ACCEPTED && follow.uri.len < value.len);
	if (edge_decode(value, &block))
		must(block.uri.len < value.len);
	if (audience_decode(value, &inbox))
		must(inbox.inbox.len < value.len);
	if (uri_entry_decode(value, &entry))
		must(entry.kind != URI_NONE);
}

static void try_access(struct str value)
{
	struct buf again CLEANUP(buf_free) = BUF_INIT(1 << 20);
	struct factor factor;
	struct passkey passkey;
	struct push_subscription push;
	struct ticket ticket;
	struct sign_up sign_up;
	if (factor_decode(value, &factor)) {
		factor_encode(&again, &factor);
		must(str_eq(buf_str(&again), value));
	}
	buf_reset(&again);
	if (passkey_decode(value, &passkey)) {
		passkey_encode(&again, &passkey);
		must(str_eq(buf_str(&again), value));
	}
	buf_reset(&again);
	if (push_decode(value, &push)) {
		push_encode(&again, &push);
		must(str_eq(buf_str(&again), value));
	}
	buf_reset(&again);
	if (ticket_decode(value, &ticket)) {
		ticket_encode(&again, &ticket);
		must(str_eq(buf_str(&again), value));
	}
	buf_reset(&again);
	if (sign_up_decode(value, &sign_up)) {
		sign_up_encode(&again, &sign_up);
		must(str_eq(buf_str(&again), value));
	}
}

/* Keys hold what was put into them. */
static void try_keys(struct str value)
{
	struct str domain, user;
	if (!str_split(value, '@', &user, &domain))
		domain = STR("");
	user = str_take(user, 60);
	struct reckey a = account_handle_key(user, str_take(domain, 300));
	struct reckey b = account_handle_key(user, str_take(domain, 300));
	must(str_eq(reckey_str(&a), reckey_str(&b)));
	struct reckey audience = audience_key(value.len, value);
	uint64_t account;
	must(reckey_read_u64(reckey_str(&audience), 0, &account) && account == value.len);
}

#define INDEX_MAX ((size_t)1 << 20)

static void try_index(struct arena *arena, struct str value)
{
	struct buf again CLEANUP(buf_free) = BUF_INIT(INDEX_MAX);
	struct search_doc doc;
	uint64_t ids[SEARCH_BLOCK_MAX];
	struct str names[SEARCH_NAMES_MAX];
	size_t count;
	if (search_doc_decode(arena, value, 7, &doc)) {
		search_doc_encode(&again, &doc);
		must(again.failed || str_eq(buf_str(&again), value));
	}
	buf_reset(&again);
	if (search_block_decode(value, 7, ids, &count)) {
		search_block_encode(&again, ids, count);
		must(str_eq(buf_str(&again), value));
	}
	if (search_person_decode(value, names, &count))
		must(count <= SEARCH_NAMES_MAX);
}

static void try_office(struct arena *arena, struct str value)
{
	struct buf again CLEANUP(buf_free) = BUF_INIT(INDEX_MAX);
	struct role role;
	struct rule rule;
	struct bar bar;
	struct report report = { .id = 7 };
	if (role_decode(value, &role)) {
		role_encode(&again, &role);
		must(str_eq(buf_str(&again), value));
	}
	buf_reset(&again);
	if (rule_decode(value, &rule)) {
		rule_encode(&again, &rule);
		must(str_eq(buf_str(&again), value));
	}
	buf_reset(&again);
	if (bar_decode(value, &bar)) {
		bar_encode(&again, &bar);
		must(str_eq(buf_str(&again), value));
	}
	struct report_event event = { .id = 7 };
	if (report_event_decode(value, &event)) {
		buf_reset(&again);
		report_event_encode(&again, &event);
		must(str_eq(buf_str(&again), value));
	}
	if (report_decode(arena, value, &report))
		must(report.object_count <= REPORT_OBJECTS_MAX &&
		     report.rule_count <= REPORT_RULES_MAX);
}

/* One decoder, and what it has read written back: to the very same bytes. */
#define TRY(type, decode, encode)                                               \
	do {                                                                    \
		struct buf again CLEANUP(buf_free) = BUF_INIT((size_t)1 << 20); \
		struct type it = { 0 };                                         \
		if (!(decode))                                                  \
			break;                                                  \
		encode(&again, &it);                                            \
		must(again.failed || str_eq(buf_str(&again), value));           \
	} while (0)

struct resource_row {
	struct resource row;
	struct str uri;
};

static void resource_row_encode(struct buf *out, const struct resource_row *r)
{
	resource_encode(out, &r->row, r->uri);
}

static void try_communities(struct arena *arena, struct str value)
{
	TRY(community, community_decode(arena, value, 7, &it), community_encode);
	TRY(community_role, community_role_decode(value, 7, &it), community_role_encode);
	TRY(community_member, community_member_decode(value, &it), community_member_encode);
	TRY(community_post, community_post_decode(value, &it), community_post_encode);
	TRY(consultation, consultation_decode(value, 7, &it), consultation_encode);
	TRY(consultation_told, consultation_told_decode(value, &it), consultation_told_encode);
	TRY(consultation_paper, consultation_paper_decode(value, &it), consultation_paper_encode);
	TRY(badge, badge_decode(value, &it), badge_encode);
	TRY(badge_award, badge_award_decode(value, &it), badge_award_encode);
	TRY(participant, participant_decode(value, &it), participant_encode);
	TRY(resource_row, resource_decode(value, &it.row, &it.uri), resource_row_encode);
	TRY(ledger_record, ledger_decode(value, &it), ledger_encode);
	TRY(ledger_sum, ledger_sum_decode(value, &it), ledger_sum_encode);
	TRY(ledger_thing, ledger_thing_decode(value, &it), ledger_thing_encode);
	TRY(ledger_peer, ledger_peer_decode(value, &it), ledger_peer_encode);
	TRY(resource_version, resource_version_decode(value, &it), resource_version_encode);
	TRY(joint, joint_decode(value, &it), joint_encode);
	TRY(joint_sum, joint_sum_decode(value, &it), joint_sum_encode);
	TRY(joint_word, joint_word_decode(value, &it), joint_word_encode);
	struct joint_item item = { .status = 0 };
	struct digest digest;
	if (joint_item_decode(value, &item, &digest))
		must(item.state <= (JOINT_REMOVED | JOINT_LOCKED | JOINT_PINNED));
}

static void try_sieve(struct str value)
{
	struct sieve_row row;
	struct sieve_mark mark;
	struct wave wave;
	struct blocklist list;
	struct block_entry entry;
	if (sieve_row_decode(value, &row))
		must(row.program.len < value.len && row.mode <= SIEVE_LIVE);
	if (sieve_mark_decode(value, &mark))
		must(mark.hit_count <= SIEVE_HITS_MAX && mark.state <= SIEVE_ROLLED);
	if (wave_decode(value, &wave))
		must(wave.wish.host.len < value.len);
	if (blocklist_decode(value, &list))
		must(list.url.len < value.len);
	if (block_entry_decode(value, &entry))
		must(entry.comment.len < value.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	struct arena *arena = arena_new(ARENA_MAX);
	struct str value = str_n(data + 1, size - 1);
	must(arena != NULL);
	switch (data[0] % 12) {
	case 0:
		try_account(arena, value);
		break;
	case 1:
		try_status(arena, value);
		break;
	case 2:
		try_edges(value);
		break;
	case 3:
		try_keys(value);
		break;
	case 4:
		try_polls(arena, value);
		break;
	case 5:
		try_access(value);
		break;
	case 6:
		try_index(arena, value);
		break;
	case 7:
		try_office(arena, value);
		break;
	case 9:
		try_justice(arena, value);
		break;
	case 10:
		try_sieve(value);
		break;
	case 11:
		try_communities(arena, value);
		break;
	default:
		try_medium(value);
	}
	arena_free(&arena);
	return 0;
}
