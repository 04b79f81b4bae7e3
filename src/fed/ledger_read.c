/*
 * The job that reads what a partner has in its ledger and we have not. The head says how many records there
 * are and the XOR of their names; the pages name them, newest first, until ours and those that are new make
 * up the same; each new one is fetched by its name, must be what its name says and bear its group's proof,
 * whoever passes it on; its file is copied; then it is taken, in the order in which they came there. What
 * cannot be had now is asked for the next time.
 *
 * Callbacks run on the fetch client's thread, the hand's and media's workers; one at a time.
 */
#include <stdio.h>
#include <stdlib.h>

#include "ap/proof.h"
#include "core/log.h"
#include "core/must.h"
#include "ledger_fed_int.h"
#include "media/media.h"
#include "store/joint.h"

#define PAGES_MAX 128
#define NAMES_MAX 5000 /* that one job takes; the rest the next */
#define ANSWER_EVERY_MS (10 * MS_PER_MINUTE)
#define RECORD_ARENA_MAX ((size_t)8 << 20)

struct reading {
	struct fed *fed;
	struct queue_job *job;
	struct ctx ctx;	   /* of the whole */
	struct ctx record; /* of one record */
	struct ledger_errand errand;
	struct account partner;
	struct ledger_sum ours, theirs, both;
	uint64_t ours_seen; /* of ours, how many they have */
	bool whole;	    /* all their pages were read */
	unsigned pages;
	struct digest *names; /* new ones, newest first */
	size_t count;
	struct digest *later; /* what they are about was not here yet */
	size_t later_count;
	bool again; /* the second round, of those */
	size_t taken, lacking;
	/* the record that is at work */
	struct digest name;
	struct str bytes;
	struct jr_doc *doc;
	struct ap_ledger_record wire;
	struct ledger_entry entry;
	struct ap_proof proof;
	struct str key_id;
	bool key_asked;
	bool has_copy; /* its file is kept, and to be let go of */
	uint64_t origin;
	enum rc rc; /* what became of it */
	bool refused;
	bool enqueued;
	struct db_work work;
	struct hand_task task;
};

/* --- the end --- */

static void reading_after(void *arg, enum rc rc)
{
	struct reading *r = arg;
	struct arena *arena = r->ctx.arena;
	fed_wake(r->fed, rc == RC_OK && r->enqueued);
	arena_free(&r->record.arena);
	arena_free(&arena);
}

static enum rc reading_write(struct db_txn *txn, void *arg)
{
	struct reading *r = arg;
	struct ctx ctx = { .arena = r->ctx.arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = r->fed->site };
	struct ledger_peer peer;
	if (ledger_peer_get(txn, ctx.arena, r->errand.community, r->partner.id, &peer)) {
		peer.compared_ms = db_txn_now(txn);
		ledger_peer_put(txn, r->errand.community, r->partner.id, &peer);
	}
	if (r->taken != 0)
		ledger_tell(&s, r->errand.community, r->partner.id);
	/* they lack something that we have */
	if (r->whole && r->ours_seen < r->ours.count &&
	    throttle_take(r->fed->syncs, str_n(&r->partner.id, sizeof(r->partner.id)),
			  clock_steady_ms(r->fed->clock), ANSWER_EVERY_MS))
		ledger_tell_one(&s, r->errand.community, r->partner.id);
	r->enqueued = r->enqueued || s.enqueued;
	return db_txn_rc(txn);
}

static void reading_end(struct reading *r, enum queue_verdict verdict, const char *reason)
{
	struct queue_end end = { .outcome = { .verdict = verdict },
				 .payload = r->job->payload,
				 .write = verdict == QUEUE_DELIVERED ? reading_write : NULL,
				 .after = reading_after,
				 .arg = r };
	snprintf(end.outcome.reason, sizeof(end.outcome.reason), "%s", reason);
	if (r->taken != 0 || r->lacking != 0)
		LOG(LEDGER_READ, F_STR("partner", r->partner.uri), F_U64("taken", r->taken),
		    F_U64("lacking", r->lacking));
	queue_finish(r->job, &end);
}

/* --- one record --- */

static void record_next(struct reading *r);

/* What follows a wait goes on on the hand's thread. */
static void go_on(struct reading *r, void (*run)(void *arg))
{
	r->fed->handed = true;
	r->task = (struct hand_task){ .run = run, .arg = r };
	hand_do(r->fed->hand, &r->task);
}

static void record_end(void *arg)
{
	struct reading *r = arg;
	struct media *media = r->fed->media;
	if (r->has_copy && media != NULL)
		media_copy_end(media, &r->entry.file, r->rc == RC_OK);
	r->has_copy = false;
	jr_free(&r->doc);
	if (r->rc == RC_OK)
		r->taken++;
	else if (r->rc == RC_NOT_FOUND && !r->again)
		r->later[r->later_count++] = r->name;
	else if (r->rc != RC_EXISTS && !r->refused)
		r->lacking++;
	record_next(r);
}

/* It cannot be had now. */
static void lack(struct reading *r, enum rc rc)
{
	r->rc = rc == RC_OK || rc == RC_NOT_FOUND || rc == RC_EXISTS ? RC_UNREACHABLE : rc;
	go_on(r, record_end);
}

/* --- writes --- */

static void written(struct db_work *work)
{
	struct reading *r = work->arg;
	if (work->rc != RC_OK)
		r->rc = work->rc;
	go_on(r, record_end);
}

static void submit(struct reading *r, enum rc (*job)(struct db_txn *, void *))
{
	r->work = (struct db_work){ .job = job, .done = written, .arg = r };
	db_submit(r->fed->db, &r->work);
}

static enum rc refuse_job(struct db_txn *txn, void *arg)
{
	struct reading *r = arg;
	ledger_refuse(txn, r->errand.community, &r->name, str_of(err_text(&r->record.err)));
	r->rc = RC_DENIED;
	r->refused = true;
	return db_txn_rc(txn);
}

/* It is not asked for again. The reason is in r->record. */
static void refuse(struct reading *r)
{
	submit(r, refuse_job);
}

static enum rc take_job(struct db_txn *txn, void *arg)
{
	struct reading *r = arg;
	struct arena *arena = arena_new(RECORD_ARENA_MAX);
	if (arena == NULL)
		return RC_NO_MEMORY;
	struct ctx ctx = { .arena = arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = r->fed->site };
	struct account origin;
	r->refused = false;
	/* the partnership may have ended meanwhile */
	if (joint_community(txn, r->partner.id) != r->errand.community ||
	    !account_get(txn, arena, r->origin, &origin) || account_is_gone(&origin) ||
	    origin.kind != ACCOUNT_GROUP) {
		r->rc = RC_DENIED;
	} else {
		r->rc = ledger_take(&s, r->errand.community, &origin, &r->entry, r->bytes);
		r->refused = r->rc != RC_OK && ledger_knows(txn, r->errand.community, &r->name);
	}
	r->enqueued = r->enqueued || s.enqueued;
	enum rc rc = arena_failed(arena) ? RC_NO_MEMORY : db_txn_rc(txn);
	arena_free(&arena);
	return rc;
}

/* --- its file --- */

static void copied(void *arg, enum rc rc, const char *reason, const struct medium_file *file)
{
	struct reading *r = arg;
	if (rc == RC_INVALID || rc == RC_UNSUPPORTED || rc == RC_TOO_LARGE) {
		ctx_fail(&r->record, rc, "%s", reason);
		return refuse(r);
	}
	if (rc != RC_OK)
		return lack(r, rc);
	r->has_copy = true;
	r->entry.file.type = arena_str(r->record.arena, file->type);
	r->entry.file.digest = file->digest;
	r->entry.file.bytes = file->bytes;
	submit(r, take_job);
}

/* Where whose it is has it; and by the same name at who passes it on, when that one is gone. */
static void copy_file(struct reading *r)
{
	const struct ap_reader reader = { &r->record, r->fed->site->iri_flags };
	const struct ap_ledger_file *file = &r->wire.file;
	struct medium_file is = { .type = file->media_type, .bytes = file->bytes };
	struct str urls[2], path;
	struct iri iri;
	size_t count = 0;
	memcpy(is.digest.bytes, file->digest, DIGEST_SIZE);
	path = media_file_path(r->record.arena, &is);
	if (path.ptr == NULL) {
		ctx_fail(&r->record, RC_UNSUPPORTED, "files of this kind are not taken");
		return refuse(r);
	}
	if (ap_same_origin(&reader, file->url, r->wire.actor) &&
	    peer_permitted_uri(r->fed, file->url))
		urls[count++] = file->url;
	if (iri_parse(&r->record, r->errand.url, r->fed->site->iri_flags, &iri) == RC_OK)
		urls[count++] =
			arena_printf(r->record.arena, "%.*s://%.*s%.*s", STR_ARG(iri.scheme),
				     STR_ARG(iri.authority), STR_ARG(path));
	struct media *media = r->fed->media;
	if (media == NULL || arena_failed(r->record.arena))
		return lack(r, RC_UNREACHABLE);
	media_copy(media, &(const struct media_copy){ .urls = urls,
						      .url_count = count,
						      .digest = is.digest,
						      .type = is.type,
						      .done = copied,
						      .arg = r });
}

/* --- its proof (FEP-8b32) --- */

static void verify(void *arg);

static void key_came(void *arg, enum rc rc, uint64_t id UNUSED, struct str reason UNUSED)
{
	struct reading *r = arg;
	if (rc != RC_OK)
		return lack(r, rc);
	go_on(r, verify);
}

static bool is_proved(struct reading *r, const struct known_key *known)
{
	return known->assertion && str_eq(known->owner, r->wire.actor) &&
	       ap_proof_verify(r->record.arena, jr_root(r->doc), &r->proof, known->key);
}

static void verify(void *arg)
{
	struct reading *r = arg;
	struct fed *fed = r->fed;
	struct known_key known;
	bool has = key_cache_get(fed->keys, r->record.arena, r->key_id, clock_wall_ms(fed->clock),
				 &known) ||
		   known_key_load(fed, r->record.arena, r->key_id, &known);
	bool proved = has && is_proved(r, &known);
	if (has) {
		r->origin = known.account;
		key_unref(&known.key);
	}
	if (!proved && !r->key_asked) {
		r->key_asked = true;
		return fed_resolve_key(fed, r->key_id, key_came, r);
	}
	if (!proved) {
		ctx_fail(&r->record, RC_UNAUTHENTICATED, "its group has not proved it");
		return refuse(r);
	}
	if (r->entry.kind == LEDGER_VERSION && r->wire.has_file)
		return copy_file(r);
	submit(r, take_job);
}

/* S-021: a key on the group's own host, listed in its document. */
static bool proof_find(struct reading *r)
{
	struct jr proofs = jr_get(jr_root(r->doc), "proof");
	for (size_t i = 0; i < jr_one_count(proofs) && i < AP_PROOFS_MAX; i++) {
		struct ctx quiet = { .arena = r->record.arena };
		const struct ap_reader reader = { &quiet, r->fed->site->iri_flags };
		struct iri iri;
		if (ap_proof_decode(&reader, jr_one_at(proofs, i), &r->proof) == RC_OK &&
		    iri_parse(&quiet, r->proof.method, reader.iri_flags, &iri) == RC_OK &&
		    ap_same_origin(&reader, iri.text, r->wire.actor)) {
			r->key_id = iri.text;
			return true;
		}
	}
	return false;
}

/* --- fetching it --- */

static void record_came(void *arg, enum rc rc, struct document *doc)
{
	struct reading *r = arg;
	const struct ap_reader reader = { &r->record, r->fed->site->iri_flags };
	if (rc != RC_OK)
		return lack(r, rc);
	struct digest is = digest_sha256(doc->bytes);
	if (memcmp(is.bytes, r->name.bytes, DIGEST_SIZE) != 0 || doc->bytes.len > LEDGER_BYTES_MAX)
		return lack(r, RC_INVALID);
	r->bytes = arena_str(r->record.arena, doc->bytes);
	r->doc = doc->doc;
	doc->doc = NULL;
	rc = ap_ledger_decode(&reader, jr_root(r->doc), &r->wire);
	if (rc == RC_OK)
		rc = ledger_entry_of(&r->record, &r->wire, &r->entry);
	if (arena_failed(r->record.arena))
		return lack(r, RC_NO_MEMORY);
	if (rc != RC_OK)
		return refuse(r);
	/* what is ours we have written ourselves; S-030 */
	if (site_owns_text(r->fed->site, r->wire.actor) ||
	    !peer_permitted_uri(r->fed, r->wire.actor))
		return lack(r, RC_BLOCKED);
	if (!proof_find(r)) {
		ctx_fail(&r->record, RC_UNAUTHENTICATED, "it bears no proof of its group");
		return refuse(r);
	}
	verify(r);
}

static void record_begin(struct reading *r, const struct digest *name)
{
	arena_reset(r->record.arena);
	r->record.err = (struct err){ .rc = RC_OK };
	r->name = *name;
	r->key_asked = r->refused = false;
	r->rc = RC_UNREACHABLE;
	struct str url = arena_printf(r->record.arena, "%.*s/records/%.*s", STR_ARG(r->errand.url),
				      STR_ARG(ledger_hex(r->record.arena, name)));
	document_fetch(r->fed, &r->record, url, record_came, r);
}

/* The oldest of those that are left; then once more those that came before what they are about. */
static void record_next(struct reading *r)
{
	if (r->fed->ending)
		return reading_end(r, QUEUE_DEFER, "the node is stopping");
	if (r->count == 0 && !r->again && r->later_count != 0 && r->taken != 0) {
		struct digest *names = r->names;
		/* they were found oldest first */
		for (size_t i = 0; i < r->later_count; i++)
			names[i] = r->later[r->later_count - 1 - i];
		r->count = r->later_count;
		r->again = true;
	}
	if (r->count == 0)
		return reading_end(r, QUEUE_DELIVERED, "");
	record_begin(r, &r->names[--r->count]);
}

static void records_begin(void *arg)
{
	record_next(arg);
}

/* --- which there are --- */

static bool same_sum(const struct ledger_sum *a, const struct ledger_sum *b)
{
	return a->count == b->count && memcmp(a->digest.bytes, b->digest.bytes, DIGEST_SIZE) == 0;
}

static void name_take(struct reading *r, struct db_txn *txn, const struct digest *name)
{
	struct ledger_record known;
	if (ledger_peek(txn, r->errand.community, name, &known)) {
		r->ours_seen += (known.flags & LEDGER_REFUSED) == 0;
		return;
	}
	if (r->count == NAMES_MAX)
		return;
	r->names[r->count++] = *name;
	r->both.count++;
	ledger_digest_add(&r->both.digest, name);
}

/* True when ours and what is new are all that they have. */
static bool names_take(struct reading *r, struct jr items)
{
	struct db_txn *txn;
	if (db_read_begin(r->fed->db, &txn) != RC_OK)
		return true;
	for (size_t i = 0; i < jr_count(items); i++) {
		struct str id = jr_str(jr_at(items, i));
		struct digest name;
		if (id.len > LEDGER_NAME_LEN &&
		    ledger_unhex(str_skip(id, id.len - LEDGER_NAME_LEN), &name))
			name_take(r, txn, &name);
	}
	db_read_end(&txn);
	return same_sum(&r->both, &r->theirs);
}

static void page_came(void *arg, enum rc rc, struct document *doc)
{
	struct reading *r = arg;
	const struct ap_reader reader = { &r->ctx, r->fed->site->iri_flags };
	if (rc != RC_OK)
		return reading_end(r, job_may_pass(rc) ? QUEUE_DEFER : QUEUE_REJECT,
				   err_text(&r->ctx.err));
	struct jr root = jr_root(doc->doc);
	struct str next = ap_id(&reader, jr_get(root, "next"));
	bool all = names_take(r, jr_get(root, "orderedItems"));
	if (all || next.ptr == NULL || ++r->pages == PAGES_MAX ||
	    !ap_same_origin(&reader, next, r->errand.url)) {
		r->whole = !all && next.ptr == NULL;
		return go_on(r, records_begin);
	}
	document_fetch(r->fed, &r->ctx, arena_str(r->ctx.arena, next), page_came, r);
}

static void head_came(void *arg, enum rc rc, struct document *doc)
{
	struct reading *r = arg;
	const struct ap_reader reader = { &r->ctx, r->fed->site->iri_flags };
	if (rc != RC_OK)
		return reading_end(r, job_may_pass(rc) ? QUEUE_DEFER : QUEUE_REJECT,
				   err_text(&r->ctx.err));
	struct jr root = jr_root(doc->doc);
	struct str first = ap_id(&reader, jr_get(root, "first"));
	if (!ap_same_origin(&reader, doc->url, r->partner.uri) ||
	    !ledger_head_read(root, &r->theirs))
		return reading_end(r, QUEUE_REJECT, "it is no ledger");
	if (same_sum(&r->ours, &r->theirs))
		return reading_end(r, QUEUE_DELIVERED, "");
	if (first.ptr == NULL || !ap_same_origin(&reader, first, r->errand.url)) {
		r->whole = true;
		return reading_end(r, QUEUE_DELIVERED, "");
	}
	r->both = r->ours;
	document_fetch(r->fed, &r->ctx, arena_str(r->ctx.arena, first), page_came, r);
}

/* --- the job --- */

static bool begin(struct reading *r)
{
	const struct ap_reader reader = { &r->ctx, r->fed->site->iri_flags };
	struct db_txn *txn;
	if (db_read_begin(r->fed->db, &txn) != RC_OK)
		return false;
	bool fits = joint_community(txn, r->errand.partner) == r->errand.community &&
		    account_get(txn, r->ctx.arena, r->errand.partner, &r->partner) &&
		    !account_is_gone(&r->partner) &&
		    ap_same_origin(&reader, r->errand.url, r->partner.uri) &&
		    peer_permitted_uri(r->fed, r->partner.uri);
	r->ours = ledger_sum(txn, r->errand.community);
	db_read_end(&txn);
	return fits;
}

void ledger_read_run(struct queue_job *job, void *app)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	must(arena != NULL);
	struct reading *r = ARENA_NEW(arena, struct reading);
	must(r != NULL);
	*r = (struct reading){ .fed = fed_of(app), .job = job, .ctx = { .arena = arena } };
	r->record.arena = arena_new(RECORD_ARENA_MAX);
	must(r->record.arena != NULL);
	r->names = ARENA_ARRAY(arena, NAMES_MAX, struct digest);
	r->later = ARENA_ARRAY(arena, NAMES_MAX, struct digest);
	bool read = r->names != NULL && r->later != NULL &&
		    ledger_errand_decode(job->payload, &r->errand);
	if (!read)
		return reading_end(r, QUEUE_REJECT, "the job cannot be decoded");
	r->errand.url = arena_str(arena, r->errand.url);
	if (!begin(r))
		return reading_end(r, QUEUE_REJECT, "it is no partner any more");
	document_fetch(r->fed, &r->ctx, r->errand.url, head_came, r);
}
