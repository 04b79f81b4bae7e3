/* The node, the peers and the requests that the tests of fed work with. */
#include "fedkit.h"

#include <stdio.h>
#include <stdlib.h>

#include "ap/write.h"
#include "core/log.h"
#include "social/account.h"
#include "store/joint.h"
#include "store/node.h"
#include "store/tables.h"

#define KIT_ARENA ((size_t)64 << 20)
#define KEYS_POOL 4
#define LOCAL_POOL 6 /* local accounts of one program that have keys */

/* --- keys: costly, made once per program --- */

struct key *kit_rsa(unsigned n)
{
	static struct key *pool[KEYS_POOL];
	must(n < KEYS_POOL);
	if (pool[n] == NULL)
		must(key_generate(KEY_RSA, &pool[n]) == RC_OK);
	return pool[n];
}

struct key *kit_ed25519(unsigned n)
{
	static struct key *pool[KEYS_POOL];
	must(n < KEYS_POOL);
	if (pool[n] == NULL)
		must(key_generate(KEY_ED25519, &pool[n]) == RC_OK);
	return pool[n];
}

/* Sealed keys fit one address, so each account's are made once and used in every kit. */
static const struct account_secrets *secrets_of(struct fedkit *kit, struct str uri)
{
	static struct {
		char uri[64];
		struct account_secrets secrets;
	} known[LOCAL_POOL];
	static struct ctx ctx;
	if (ctx.arena == NULL)
		ctx.arena = arena_new(1 << 20);
	for (size_t i = 0; i < LOCAL_POOL; i++) {
		if (str_eq(str_of(known[i].uri), uri))
			return &known[i].secrets;
		if (known[i].uri[0] != '\0')
			continue;
		snprintf(known[i].uri, sizeof(known[i].uri), "%.*s", STR_ARG(uri));
		must(account_keys_make(&ctx, &kit->seal, uri, 1000, &known[i].secrets) == RC_OK);
		return &known[i].secrets;
	}
	must(false);
	return NULL;
}

/* --- the node --- */

static enum rc people_make(struct db_txn *txn, void *arg)
{
	struct fedkit *kit = arg;
	struct ctx ctx = { .arena = kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &kit->site };
	struct new_account alice = { .username = STR("alice"), .display_name = STR("Alice") };
	struct new_account bob = { .username = STR("bob"),
				   .display_name = STR("Bob"),
				   .locked = true };
	enum rc rc =
		account_create_instance(&s, secrets_of(kit, STR(HOME "/actor")), &kit->instance);
	struct node_record node = { kit->site.domain, kit->site.host, 1000, kit->instance.id };
	node_put(txn, &node);
	if (rc == RC_OK)
		rc = account_create(&s, &alice, secrets_of(kit, STR(ALICE)), &kit->alice);
	if (rc == RC_OK)
		rc = account_create(&s, &bob, secrets_of(kit, STR(BOB)), &kit->bob);
	return rc;
}

#define TABLES_MAX 256

static void open_db(struct fedkit *kit)
{
	static struct db_table *tables[TABLES_MAX];
	struct err err = { 0 };
	size_t count = 0;
	must(store_table_count + 8 <= TABLES_MAX);
	for (; count < store_table_count; count++)
		tables[count] = store_tables[count];
	tables[count++] = &queue_table_job;
	tables[count++] = &queue_table_body;
	tables[count++] = &queue_table_lane;
	tables[count++] = &queue_table_dead;
	const struct db_settings settings = { .path = str_of(kit->folder),
					      .map_bytes = 4 << 20,
					      .max_bytes = kit->bytes_max != 0 ? kit->bytes_max
									       : 256 << 20,
					      .batch_max = 64,
					      .readers = 32 };
	if (db_open(&err, &settings, tables, count, clock_system(), &kit->db) != RC_OK)
		fail_msg("%s", err_text(&err));
}

void kit_init(struct fedkit *kit)
{
	struct err err = { 0 };
	*kit = (struct fedkit){ .bytes_max = kit->bytes_max,
				.folder = test_tmpdir_new(),
				.net = test_fetch_new(),
				.arena = arena_new(KIT_ARENA),
				.site = { .domain = STR("home.example"),
					  .host = STR("home.example"),
					  .base = STR(HOME),
					  .title = STR("Home"),
					  .description = STR("A node for tests"),
					  .iri_flags = IRI_STRICT,
					  .post_max_chars = 5000,
					  .poll_max_options = 4,
					  .poll_tell_ms = 3 * MS_PER_MINUTE },
				.settings = { .access = FED_OPEN,
					      .signature_window_ms = MS_PER_HOUR,
					      .key_refetch_ms = 5 * MS_PER_MINUTE,
					      .key_fetches_per_minute = 300,
					      .inbox_per_minute = 10000,
					      .key_cache = 100,
					      .delivery_timeout_ms = 30000,
					      .thread_refresh_ms = 10 * MS_PER_MINUTE } };
	log_setup(LOG_LEVEL_ERROR, false, 2);
	/* the database has the machine's clock, so the test's begins there */
	test_clock_init(&kit->clock, clock_wall_ms(clock_system()));
	open_db(kit);
	kit_write(kit, people_make, kit);
	const struct fed_parts parts = { .db = kit->db,
					 .fetch = test_fetch_client(kit->net),
					 .clock = &kit->clock.clock,
					 .site = &kit->site,
					 .seal = &kit->seal,
					 .settings = &kit->settings,
					 .relay = &kit->relay };
	if (fed_new(&err, &parts, &kit->fed) != RC_OK)
		fail_msg("%s", err_text(&err));
}

static enum rc no_job(struct db_txn *txn, void *arg UNUSED)
{
	return db_txn_rc(txn);
}

void kit_free(struct fedkit *kit)
{
	if (kit->httpd != NULL)
		httpd_stop(&kit->httpd, 5000);
	fed_end(kit->fed);
	if (kit->queue != NULL)
		queue_stop(&kit->queue, 5000);
	test_fetch_free(&kit->net);
	for (int i = 0; i < 3; i++) /* a resolution writes twice at most */
		kit_write(kit, no_job, NULL);
	fed_free(&kit->fed);
	db_close(&kit->db);
	arena_free(&kit->arena);
	test_tmpdir_remove(&kit->folder);
}

int kit_setup(void **state)
{
	struct fedkit *kit = calloc(1, sizeof(*kit));
	must(kit != NULL);
	kit_init(kit);
	*state = kit;
	return 0;
}

int kit_teardown(void **state)
{
	kit_free(*state);
	free(*state);
	return 0;
}

static void listen(struct fedkit *kit)
{
	static const struct httpd_settings settings = { .listen = STR_INIT("127.0.0.1:0"),
							.threads = 1,
							.connections_max = 64,
							.connections_per_client = 64,
							.idle_seconds = 30,
							.request_seconds = 60,
							.trusted_proxies = STR_INIT("") };
	struct err err = { 0 };
	const struct httpd_route_table table = { fed_routes, fed_route_count, kit->fed, false,
						 NULL };
	if (httpd_start(&err, &settings, &table, 1, clock_system(), &kit->httpd) != RC_OK)
		fail_msg("%s", err_text(&err));
}

int kit_setup_http(void **state)
{
	kit_setup(state);
	listen(*state);
	return 0;
}

int kit_setup_small(void **state)
{
	struct fedkit *kit = calloc(1, sizeof(*kit));
	must(kit != NULL);
	kit->bytes_max = 8 << 20;
	kit_init(kit);
	listen(kit);
	*state = kit;
	return 0;
}

/* --- remote people --- */

struct str kit_key_id(struct fedkit *kit, const struct peer_actor *peer, const char *fragment)
{
	return arena_printf(kit->arena, "%s#%s", peer->uri, fragment);
}

static struct str part(struct fedkit *kit, const char *uri, const char *name)
{
	return arena_printf(kit->arena, "%s/%s", uri, name);
}

struct str kit_actor_json(struct fedkit *kit, const struct peer_actor *peer)
{
	struct buf out = BUF_INIT(64 * 1024), pem = BUF_INIT(8192), multibase = BUF_INIT(8192);
	struct jw w;
	struct str uri = str_of(peer->uri);
	size_t origin = str_find(uri, STR("/users/"));
	struct str name = str_skip(uri, str_rindex(uri, '/') + 1);
	key_add_public_pem(&pem, peer->rsa);
	struct ap_actor_key keys[2] = {
		{ .id = kit_key_id(kit, peer, "main-key"),
		  .pem = arena_take_buf(kit->arena, &pem) },
	};
	if (peer->ed != NULL) {
		key_add_multibase(&multibase, peer->ed);
		keys[1] = (struct ap_actor_key){ .id = kit_key_id(kit, peer, "ed"),
						 .ed25519 = true,
						 .multibase =
							 arena_take_buf(kit->arena, &multibase) };
	}
	jw_init(&w, &out);
	ap_write_actor(&w,
		       &(struct ap_actor_view){
			       .id = uri,
			       .type = STR("Person"),
			       .username = name,
			       .name = name,
			       .url = uri,
			       .inbox = part(kit, peer->uri, "inbox"),
			       .shared_inbox =
				       arena_join(kit->arena, str_take(uri, origin), STR("/inbox")),
			       .outbox = part(kit, peer->uri, "outbox"),
			       .followers = part(kit, peer->uri, "followers"),
			       .following = part(kit, peer->uri, "following"),
			       .keys = keys,
			       .key_count = peer->ed != NULL ? 2 : 1,
		       },
		       true);
	jw_done(&w);
	return arena_take_buf(kit->arena, &out);
}

struct peer_actor kit_stranger(struct fedkit *kit, const char *uri, unsigned key)
{
	struct peer_actor peer = { .uri = uri, .rsa = kit_rsa(key), .ed = kit_ed25519(key) };
	test_fetch_answer(kit->net, uri, 200, ACTIVITY_JSON, kit_actor_json(kit, &peer));
	return peer;
}

void kit_answered(void *arg, enum rc rc, uint64_t id, struct str reason)
{
	struct kit_answer *a = arg;
	pthread_mutex_lock(&a->lock);
	a->rc = rc;
	a->id = id;
	snprintf(a->reason, sizeof(a->reason), "%.*s", STR_ARG(reason));
	a->times++;
	pthread_cond_signal(&a->changed);
	pthread_mutex_unlock(&a->lock);
}

enum rc kit_wait(struct kit_answer *a)
{
	pthread_mutex_lock(&a->lock);
	while (a->times == 0)
		pthread_cond_wait(&a->changed, &a->lock);
	pthread_mutex_unlock(&a->lock);
	assert_int_equal(a->times, 1);
	return a->rc;
}

struct kit_answer kit_resolve(struct fedkit *kit, char what, const char *uri)
{
	struct kit_answer a = KIT_ANSWER_INIT;
	if (what == 'k')
		fed_resolve_key(kit->fed, str_of(uri), kit_answered, &a);
	else if (what == 'o')
		fed_resolve_object(kit->fed, str_of(uri), kit_answered, &a);
	else if (what == 'p')
		fed_resolve_address(kit->fed, str_of(uri), kit_answered, &a);
	else
		fed_resolve_actor(kit->fed, str_of(uri), what == 'r', kit_answered, &a);
	kit_wait(&a);
	return a;
}

struct peer_actor kit_peer(struct fedkit *kit, const char *uri, unsigned key)
{
	struct peer_actor peer = kit_stranger(kit, uri, key);
	struct kit_answer a = kit_resolve(kit, 'a', uri);
	if (a.rc != RC_OK)
		fail_msg("%s", a.reason);
	peer.id = a.id;
	return peer;
}

struct peer_actor kit_group(struct fedkit *kit, const char *uri, unsigned key)
{
	struct peer_actor group = kit_stranger(kit, uri, key);
	struct str person = kit_actor_json(kit, &group), type = STR("\"type\":\"Person\"");
	size_t at = str_find(person, type);
	struct str rest = str_skip(person, at + type.len);
	test_fetch_answer(kit->net, uri, 200, ACTIVITY_JSON,
			  kit_json(kit,
				   "%.*s\"type\":\"Group\",\"attributedTo\":\"%s/moderators\","
				   "\"featured\":\"%s/featured\",\"tag\":["
				   "{\"type\":\"Hashtag\",\"name\":\"#Moss\"},"
				   "{\"type\":\"Hashtag\",\"name\":\"#moss\"}]%.*s",
				   (int)at, person.ptr, uri, uri, STR_ARG(rest)));
	struct kit_answer a = kit_resolve(kit, 'a', uri);
	if (a.rc != RC_OK)
		fail_msg("%s", a.reason);
	group.id = a.id;
	return group;
}

struct founding {
	struct fedkit *kit;
	const char *name;
	const struct account *founder;
	struct community *settings;
	struct account group;
};

static enum rc found_job(struct db_txn *txn, void *arg)
{
	struct founding *f = arg;
	struct ctx ctx = { .arena = f->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &f->kit->site };
	const struct new_account account = { .username = str_of(f->name),
					     .display_name = str_of(f->name),
					     .note = STR("A community") };
	struct str uri = kit_json(f->kit, HOME "/users/%s", f->name);
	return community_create(&s, f->founder, &account, secrets_of(f->kit, uri), f->settings,
				&f->group);
}

struct account kit_community(struct fedkit *kit, const char *name, const struct account *founder,
			     struct community *settings)
{
	struct founding f = { kit, name, founder, settings, { 0 } };
	kit_write(kit, found_job, &f);
	return f.group;
}

static enum rc partner_job(struct db_txn *txn, void *arg)
{
	return joint_put(txn, arg);
}

void kit_partner(struct fedkit *kit, uint64_t community, const struct peer_actor *group,
		 bool indexed)
{
	struct joint joint = { .community = community,
			       .partner = group->id,
			       .state = JOINT_AGREED,
			       .offer = kit_json(kit, "%s/offers/1", group->uri),
			       .items = kit_json(kit, "%s/joint", group->uri),
			       .indexed = indexed };
	kit_write(kit, partner_job, &joint);
}

struct moderating_job {
	struct fedkit *kit;
	const struct account *actor;
	uint64_t status;
	enum community_act act;
	enum rc rc;
};

static enum rc moderate_job(struct db_txn *txn, void *arg)
{
	struct moderating_job *m = arg;
	struct ctx ctx = { .arena = m->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &m->kit->site };
	m->rc = community_moderate(&s, m->actor, m->status, m->act, STR(""));
	return db_txn_rc(txn);
}

enum rc kit_moderate(struct fedkit *kit, const struct account *actor, uint64_t status,
		     enum community_act act)
{
	struct moderating_job m = { kit, actor, status, act, RC_OK };
	kit_write(kit, moderate_job, &m);
	return m.rc;
}

/* --- activities --- */

struct str kit_json(struct fedkit *kit, const char *fmt, ...)
{
	va_list args;
	char *text = NULL;
	va_start(args, fmt);
	must(vasprintf(&text, fmt, args) >= 0);
	va_end(args);
	struct str copy = arena_str(kit->arena, str_of(text));
	free(text);
	return copy;
}

struct str kit_activity(struct fedkit *kit, const char *id, const char *type, const char *actor,
			const char *object)
{
	struct str head = id != NULL ? kit_json(kit, "\"id\":\"%s\",", id) : STR("");
	return kit_json(kit, "{%.*s\"type\":\"%s\",\"actor\":\"%s\",\"object\":%s}", STR_ARG(head),
			type, actor, object);
}

struct str kit_create(struct fedkit *kit, const char *actor, unsigned n, const char *more)
{
	return kit_json(kit,
			"{\"id\":\"%s/notes/%u/activity\",\"type\":\"Create\",\"actor\":\"%s\","
			"\"object\":{\"id\":\"%s/notes/%u\",\"type\":\"Note\","
			"\"attributedTo\":\"%s\",\"content\":\"<p>number %u</p>\","
			"\"published\":\"2026-01-01T00:00:00Z\",\"to\":[\"%s\"]%s}}",
			actor, n, actor, actor, n, actor, n, AP_PUBLIC, more);
}

static enum rc receive_job(struct db_txn *txn, void *arg)
{
	return incoming_write(txn, arg);
}

enum rc kit_receive(struct fedkit *kit, const struct peer_actor *signer, struct str json)
{
	struct ctx ctx = { .arena = kit->arena };
	struct incoming in = { .fed = kit->fed, .ctx = &ctx, .bytes = json, .signer = signer->id };
	enum rc rc = incoming_open(&in, str_of(signer->uri));
	if (rc == RC_OK)
		rc = incoming_prepare_row(&in);
	if (rc == RC_OK && in.row == NULL)
		rc = RC_UNSUPPORTED;
	else if (rc == RC_OK && in.need.ptr != NULL)
		rc = RC_BUSY;
	else if (rc == RC_OK)
		rc = db_write(kit->db, receive_job, &in) == RC_OK ? in.result : RC_IO;
	incoming_close(&in);
	return rc;
}
