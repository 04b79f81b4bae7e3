/* Integrity of consultations. */
#include "check_int.h"
#include "consultation_int.h"
#include "core/attr.h"
#include "db/rec.h"
#include "store/community.h"
#include "store/tables.h"

static void check_consultation(const struct check *c, struct str key, struct str value)
{
	struct consultation one;
	struct str there;
	uint64_t id = 0;
	if (!reckey_read_u64(key, 0, &id) || !consultation_decode(value, id, &one)) {
		check_say(c, "consultation", id, "cannot be decoded");
		return;
	}
	struct reckey of = reckey_u64_u64(one.community, id);
	if (!db_get(c->txn, &store_consultation_of, reckey_str(&of), &there))
		check_say(c, "consultation", id, "is not among its community's");
	if (!community_exists(c->txn, one.community))
		check_say(c, "consultation", id, "is of no community");
	if (check_count(c, &store_consultation_paper, id) !=
	    check_count(c, &store_consultation_voter, id))
		check_say(c, "consultation", id, "has not as many papers as voters");
}

static void check_of(const struct check *c, struct str key, struct str value UNUSED)
{
	struct consultation one;
	uint64_t community = 0, id = 0;
	if (!reckey_read_u64(key, 0, &community) || !reckey_read_u64(key, 8, &id) ||
	    !consultation_get(c->txn, c->arena, id, &one) || one.community != community)
		check_say_pair(c, "consultation of community", community, id, "is not there");
}

static void check_count_row(const struct check *c, struct str key, struct str value)
{
	uint64_t id = 0, count = 0;
	if (!reckey_read_u64(key, 0, &id) || !consultation_count_read(value, &count))
		check_say(c, "number of voters of consultation", id, "cannot be decoded");
	else if (!check_has(c, &store_consultation, id))
		check_say(c, "number of voters of consultation", id, "belongs to none");
	else if (check_count(c, &store_consultation_voter, id) != count)
		check_say(c, "number of voters of consultation", id, "is not how many there are");
}

static void check_paper(const struct check *c, struct str key, struct str value)
{
	struct consultation_paper p;
	uint64_t id = 0;
	if (!reckey_read_u64(key, 0, &id) || !consultation_paper_decode(value, &p))
		check_say(c, "paper of consultation", id, "cannot be decoded");
	else if (!check_has(c, &store_consultation, id))
		check_say(c, "paper of consultation", id, "belongs to none");
}

static void check_voter(const struct check *c, struct str key, struct str value UNUSED)
{
	uint64_t id = 0;
	if (!reckey_read_u64(key, 0, &id) || !check_has(c, &store_consultation, id))
		check_say(c, "voter of consultation", id, "belongs to none");
}

static void check_told(const struct check *c, struct str key, struct str value)
{
	struct consultation_told told;
	uint64_t id = 0;
	if (!reckey_read_u64(key, 0, &id) || !consultation_told_decode(value, &told))
		check_say(c, "papers of a partner of consultation", id, "cannot be decoded");
	else if (!check_has(c, &store_consultation, id))
		check_say(c, "papers of a partner of consultation", id, "belong to none");
}

void consultation_check(struct db_txn *txn, struct arena *arena,
			void (*bad)(void *arg, struct str what), void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_consultation, 8, check_consultation);
	check_walk(&c, &store_consultation_of, 16, check_of);
	check_walk(&c, &store_consultation_paper, 8 + CONSULTATION_RECEIPT_SIZE, check_paper);
	check_walk(&c, &store_consultation_voter, 16, check_voter);
	check_walk(&c, &store_consultation_count, 8, check_count_row);
	check_walk(&c, &store_consultation_told, 24, check_told);
}
