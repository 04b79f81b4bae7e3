/* What peers may read: every route, for everybody who may ask, in every access mode. */
#include "fedkit.h"

#include <stdio.h>

#include "core/enc.h"
#include "social/account.h"
#include "store/collection.h"
#include "store/emoji.h"
#include "store/graph.h"
#include "store/interaction.h"
#include "store/ledger.h"

/* Who asks. */
enum asker {
	ANYBODY,
	STRANGER,  /* signed, without a relation */
	FOLLOWER,  /* accepted */
	WAITING,   /* a follow that waits for its answer */
	MENTIONED, /* in every post */
	BLOCKED,   /* by alice */
	SUSPENDED, /* a follower, until a moderator intervened */
	FORGER,	   /* a follower's name, another's key */
	ASKERS
};

static const char *const asker_names[] = { "anybody",	"stranger", "follower",	 "waiting",
					   "mentioned", "blocked",  "suspended", "forger" };

struct scene {
	struct fedkit *kit;
	struct peer_actor actors[ASKERS];
	uint64_t posts[VISIBILITY_LOCAL + 1];
	uint64_t consents[VISIBILITY_LOCAL + 1];
	struct collection_place place; /* alice's own, with alice in it */
};

static void suspend(struct fedkit *kit, uint64_t id)
{
	struct account a;
	assert_true(kit_account(kit, id, &a));
	a.flags |= ACCOUNT_SUSPENDED;
	kit_put_account(kit, &a);
}

/* From elsewhere, with posts: or there would be no list of them. */
static void settle(struct fedkit *kit)
{
	struct account alice;
	assert_true(kit_account(kit, kit->alice.id, &alice));
	alice.took_in_ms = 1;
	kit_put_account(kit, &alice);
}

/* Named as the other things are that the routes lead to. */
static enum rc offer_emoji(struct db_txn *txn, void *arg UNUSED)
{
	emoji_put(txn, STR("alice"), STR("https://home.example/alice.png"));
	return db_txn_rc(txn);
}

static enum rc block_job(struct db_txn *txn, void *arg)
{
	const struct scene *scene = arg;
	block_put(txn, scene->kit->alice.id, scene->actors[BLOCKED].id, STR(ALICE "#blocks/1"));
	return db_txn_rc(txn);
}

/* Read by nobody here but those who ask for its bytes. */
static enum rc ledger_job(struct db_txn *txn, void *arg)
{
	struct ledger_record record = { .community = *(const uint64_t *)arg,
					.kind = LEDGER_JOIN,
					.slot = STR("join"),
					.bytes = STR("{}") };
	return ledger_add(txn, &record);
}

/* A like of each post that alice has allowed. */
static enum rc consent_job(struct db_txn *txn, void *arg)
{
	struct scene *scene = arg;
	for (int v = 0; v <= VISIBILITY_LOCAL; v++) {
		struct interaction i = { .kind = INTERACTION_LIKE,
					 .state = INTERACTION_ACCEPTED,
					 .owner = scene->kit->alice.id,
					 .status = scene->posts[v],
					 .from = scene->actors[FOLLOWER].id,
					 .uri = STR("https://b.example/likes/1"),
					 .request = STR(""),
					 .authorization = STR("") };
		must(interaction_add(txn, &i));
		scene->consents[v] = i.id;
	}
	return db_txn_rc(txn);
}

static enum rc collection_job(struct db_txn *txn, void *arg)
{
	struct scene *scene = arg;
	struct collection c = { .id = db_next_id(txn), .account = scene->kit->alice.id };
	struct collection_item item = { .account = scene->kit->alice.id,
					.state = COLLECTION_ACCEPTED };
	c.uri = kit_json(scene->kit, ALICE "/featured_collections/%llu", (unsigned long long)c.id);
	c.url = c.name = c.language = c.tag = item.uri = item.request = item.authorization =
		STR("");
	c.description = html_trusted(STR(""));
	must(collection_add(txn, &c));
	item.collection = c.id;
	must(collection_item_add(txn, scene->kit->arena, &item));
	scene->place = (struct collection_place){ c.id, item.id };
	return db_txn_rc(txn);
}

static void scene_make(struct scene *scene, struct fedkit *kit)
{
	*scene = (struct scene){ .kit = kit };
	scene->actors[STRANGER] = kit_peer(kit, "https://a.example/users/stranger", 0);
	scene->actors[FOLLOWER] = kit_peer(kit, "https://b.example/users/follower", 1);
	scene->actors[WAITING] = kit_peer(kit, "https://c.example/users/waiting", 0);
	scene->actors[MENTIONED] = kit_peer(kit, "https://d.example/users/mentioned", 0);
	scene->actors[BLOCKED] = kit_peer(kit, "https://e.example/users/blocked", 0);
	scene->actors[SUSPENDED] = kit_peer(kit, "https://f.example/users/suspended", 0);
	scene->actors[FORGER] = scene->actors[FOLLOWER];
	scene->actors[FORGER].rsa = kit_rsa(2);
	kit_follow(kit, scene->actors[FOLLOWER].id, kit->alice.id, FOLLOW_ACCEPTED, "x:f1");
	kit_follow(kit, scene->actors[WAITING].id, kit->alice.id, FOLLOW_PENDING, "x:f2");
	kit_follow(kit, scene->actors[SUSPENDED].id, kit->alice.id, FOLLOW_ACCEPTED, "x:f3");
	suspend(kit, scene->actors[SUSPENDED].id);
	for (int v = 0; v <= VISIBILITY_LOCAL; v++)
		scene->posts[v] =
			kit_post(kit, &kit->alice, (enum visibility)v, "for @mentioned@d.example");
	settle(kit);
	kit_write(kit, block_job, scene);
	kit_write(kit, consent_job, scene);
	kit_write(kit, collection_job, scene);
}

static struct kit_reply ask(struct scene *scene, enum asker asker, const char *target)
{
	struct kit_signing signing;
	if (asker == ANYBODY)
		return kit_get(scene->kit, target, NULL);
	signing = kit_signed_by(scene->kit, &scene->actors[asker]);
	return kit_get(scene->kit, target, &signing);
}

static bool may(enum asker asker, enum visibility visibility)
{
	switch (visibility) {
	case VISIBILITY_PUBLIC:
	case VISIBILITY_UNLISTED:
		return asker != BLOCKED && asker != SUSPENDED;
	case VISIBILITY_FOLLOWERS:
		return asker == FOLLOWER || asker == MENTIONED;
	case VISIBILITY_DIRECT:
		return asker == MENTIONED;
	case VISIBILITY_LOCAL:
	case VISIBILITY_MEMBERS:
		break;
	}
	return false;
}

static struct str post_target(struct scene *scene, enum visibility v, const char *tail)
{
	return kit_json(scene->kit, "/users/alice/statuses/%llu%s",
			(unsigned long long)scene->posts[v], tail);
}

/* --- the matrix --- */

static void s066_a_post_is_served_to_those_who_may_see_it_by_every_route(void **state)
{
	static const char *const tails[] = {
		"",	    "/activity",	  "/replies", "/replies?page=true",
		"/context", "/context?page=true", "/likes",   "/shares",
	};
	struct scene scene;
	scene_make(&scene, *state);
	for (int v = 0; v <= VISIBILITY_LOCAL; v++) {
		for (int asker = 0; asker < ASKERS; asker++) {
			for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
				struct str target =
					post_target(&scene, (enum visibility)v, tails[i]);
				struct kit_reply reply = ask(&scene, (enum asker)asker, target.ptr);
				bool seen = reply.status == 200;
				if (seen != may((enum asker)asker, (enum visibility)v))
					fail_msg("%s, %s%s: %u", asker_names[asker],
						 visibility_name((enum visibility)v), tails[i],
						 reply.status);
			}
		}
	}
}

static void s066_an_authorization_is_served_to_those_who_may_see_its_post(void **state)
{
	struct scene scene;
	scene_make(&scene, *state);
	for (int v = 0; v <= VISIBILITY_LOCAL; v++) {
		struct str target = kit_json(scene.kit, "/users/alice/authorizations/%llu",
					     (unsigned long long)scene.consents[v]);
		for (int asker = 0; asker < ASKERS; asker++) {
			struct kit_reply reply = ask(&scene, (enum asker)asker, target.ptr);
			bool seen = reply.status == 200;
			if (seen != may((enum asker)asker, (enum visibility)v))
				fail_msg("%s, %s: %u", asker_names[asker],
					 visibility_name((enum visibility)v), reply.status);
		}
	}
}

static void s066_the_outbox_shows_each_what_may_be_seen(void **state)
{
	struct scene scene;
	scene_make(&scene, *state);
	for (int asker = 0; asker < ASKERS; asker++) {
		struct kit_reply reply =
			ask(&scene, (enum asker)asker, "/users/alice/outbox?page=true");
		if (asker == BLOCKED || asker == SUSPENDED) {
			assert_true(reply.status == 404 || reply.status == 403);
			continue;
		}
		assert_int_equal(reply.status, 200);
		for (int v = 0; v <= VISIBILITY_LOCAL; v++) {
			struct str uri = kit_post_uri(scene.kit, scene.posts[v]);
			if (str_contains(reply.body, uri) !=
			    may((enum asker)asker, (enum visibility)v))
				fail_msg("%s, %s", asker_names[asker],
					 visibility_name((enum visibility)v));
		}
	}
}

static void s066_replies_list_what_may_be_seen(void **state)
{
	struct scene scene;
	scene_make(&scene, *state);
	struct fedkit *kit = scene.kit;
	struct str parent = kit_post_uri(kit, scene.posts[VISIBILITY_PUBLIC]);
	struct peer_actor *follower = &scene.actors[FOLLOWER];
	struct str reply_to = kit_json(kit, ",\"inReplyTo\":\"%s\"", parent.ptr);
	assert_int_equal(
		kit_receive(kit, follower, kit_create(kit, follower->uri, 1, reply_to.ptr)), RC_OK);
	struct str hidden = kit_json(
		kit,
		"{\"type\":\"Create\",\"id\":\"%s#c\",\"actor\":\"%s\",\"object\":{\"id\":\"%s/"
		"notes/2\",\"type\":\"Note\",\"attributedTo\":\"%s\",\"content\":\"psst\",\"to\":"
		"[\"" ALICE "\"],\"inReplyTo\":\"%s\"}}",
		follower->uri, follower->uri, follower->uri, follower->uri, parent.ptr);
	assert_int_equal(kit_receive(kit, follower, hidden), RC_OK);
	struct str target = post_target(&scene, VISIBILITY_PUBLIC, "/replies?page=true");
	struct kit_reply reply = ask(&scene, ANYBODY, target.ptr);
	assert_true(str_contains(reply.body, STR("/notes/1\"")));
	assert_false(str_contains(reply.body, STR("/notes/2\"")));
	assert_true(str_contains(reply.body, STR("\"totalItems\":1")));
}

static void s066_the_outbox_counts_what_everybody_may_see(void **state)
{
	struct scene scene;
	scene_make(&scene, *state);
	for (int asker = 0; asker <= FOLLOWER; asker++) {
		struct kit_reply reply = ask(&scene, (enum asker)asker, "/users/alice/outbox");
		assert_true(str_contains(reply.body, STR("\"totalItems\":2")));
	}
}

/* --- what tells nothing --- */

static void s071_what_may_not_be_seen_looks_like_what_is_not_there(void **state)
{
	struct scene scene;
	scene_make(&scene, *state);
	for (int asker = 0; asker < ASKERS; asker++) {
		if (asker == SUSPENDED)
			continue;
		struct kit_reply absent =
			ask(&scene, (enum asker)asker, "/users/alice/statuses/17");
		assert_int_equal(absent.status, 404);
		for (int v = 0; v <= VISIBILITY_LOCAL; v++) {
			if (may((enum asker)asker, (enum visibility)v))
				continue;
			struct kit_reply hidden =
				ask(&scene, (enum asker)asker,
				    post_target(&scene, (enum visibility)v, "").ptr);
			assert_int_equal(hidden.status, 404);
			assert_str_eq(hidden.body, absent.body);
			assert_str_eq(kit_header(&hidden, "Content-Type"),
				      kit_header(&absent, "Content-Type"));
			assert_str_eq(kit_header(&hidden, "Cache-Control"),
				      kit_header(&absent, "Cache-Control"));
		}
	}
}

static void s071_one_who_is_blocked_sees_no_account(void **state)
{
	struct scene scene;
	scene_make(&scene, *state);
	struct kit_reply absent = ask(&scene, BLOCKED, "/users/nobody");
	struct kit_reply hidden = ask(&scene, BLOCKED, "/users/alice");
	assert_int_equal(hidden.status, 404);
	assert_str_eq(hidden.body, absent.body);
}

static void s073_what_depends_on_the_asker_is_kept_by_no_cache(void **state)
{
	struct scene scene;
	scene_make(&scene, *state);
	struct str target = post_target(&scene, VISIBILITY_PUBLIC, "");
	struct kit_reply open = ask(&scene, ANYBODY, target.ptr);
	struct kit_reply known = ask(&scene, FOLLOWER, target.ptr);
	struct kit_reply hidden = ask(&scene, BLOCKED, target.ptr);
	assert_true(str_has_prefix(kit_header(&open, "Cache-Control"), STR("public")));
	assert_str_eq(kit_header(&known, "Cache-Control"), STR("private, no-store"));
	assert_str_eq(kit_header(&hidden, "Cache-Control"), STR("private, no-store"));
	static const char *const names[] = { "Accept", "Signature", "Signature-Input",
					     "Authorization", "Cookie" };
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_true(str_contains(open.head, str_of(names[i])));
		assert_true(str_contains(known.head, str_of(names[i])));
	}
}

/* --- secure mode --- */

static void s077_in_secure_mode_every_route_but_the_instances_wants_a_signature(void **state)
{
	struct scene scene;
	scene_make(&scene, *state);
	scene.kit->settings.access = FED_AUTHORIZED;
	scene.kit->relay.serve = FED_RELAY_ON;
	assert_int_equal(fed_ensure_relay(scene.kit->fed), RC_OK);
	kit_write(scene.kit, offer_emoji, NULL);
	struct community settings = { .kind = STR("") };
	kit_community(scene.kit, "tea", &scene.kit->alice, &settings);
	/* of whom a host asks that has a partner of it */
	const struct peer_actor partner = kit_group(scene.kit, "https://a.example/users/tea", 3);
	kit_partner(scene.kit, settings.id, &partner, true);
	kit_write(scene.kit, ledger_job, &settings.id);
	const struct digest record = digest_sha256(STR("{}"));
	unsigned guarded = 0;
	for (size_t i = 0; i < fed_route_count; i++) {
		struct str path = str_of(fed_routes[i].path);
		if (fed_routes[i].method != HTTP_GET)
			continue;
		/* discovery and the actors of the node itself are open, or no two could ever meet */
		bool open = str_has_prefix(path, STR("/.well-known/")) ||
			    str_has_prefix(path, STR("/nodeinfo/")) ||
			    str_has_prefix(path, STR("/actor")) ||
			    str_has_prefix(path, STR("/relay"));
		struct buf target CLEANUP(buf_free) = BUF_INIT(4096);
		struct str rest = path, segment;
		str_next(&rest, '/', &segment);
		while (str_next(&rest, '/', &segment)) {
			if (str_eq(segment, STR(":name")))
				buf_add(&target,
					str_contains(path, STR("/moderators")) ||
							str_contains(path, STR("/joint")) ||
							str_contains(path, STR("/ledger"))
						? STR("/tea")
						: STR("/alice"));
			else if (str_eq(segment, STR(":record"))) {
				buf_add_chr(&target, '/');
				enc_hex(&target, str_n((const char *)record.bytes, DIGEST_SIZE));
			} else if (str_eq(segment, STR("@:name")))
				buf_add(&target, STR("/@alice"));
			else if (str_eq(segment, STR(":id")) &&
				 str_contains(path, STR("/authorizations/")))
				buf_addf(&target, "/%llu",
					 (unsigned long long)scene.consents[VISIBILITY_PUBLIC]);
			else if (str_eq(segment, STR(":id")) &&
				 str_contains(path, STR("/featured_collections/")))
				buf_addf(&target, "/%llu",
					 (unsigned long long)scene.place.collection);
			else if (str_eq(segment, STR(":id")) &&
				 str_contains(path, STR("/feature_authorizations/")))
				buf_addf(&target, "/%llu", (unsigned long long)scene.place.item);
			else if (str_eq(segment, STR(":id")))
				buf_addf(&target, "/%llu",
					 (unsigned long long)scene.posts[VISIBILITY_PUBLIC]);
			else
				buf_addf(&target, "/%.*s", STR_ARG(segment));
		}
		buf_add_chr(&target, '\0');
		struct kit_reply anybody = ask(&scene, ANYBODY, target.ptr);
		struct kit_reply forged = ask(&scene, FORGER, target.ptr);
		if (open) {
			assert_true(anybody.status == 200 || anybody.status == 400);
			continue;
		}
		guarded++;
		if (anybody.status != 401 || forged.status != 401)
			fail_msg("%s: %u, %u", target.ptr, anybody.status, forged.status);
		if (ask(&scene, STRANGER, target.ptr).status != 200)
			fail_msg("%s: not served to who signs", target.ptr);
	}
	assert_true(guarded >= 10);
}

static void s077_an_allow_list_serves_nobody_else(void **state)
{
	struct scene scene;
	scene_make(&scene, *state);
	scene.kit->settings.access = FED_ALLOW_LIST;
	kit_policy(scene.kit, "b.example", PEER_ALLOWED);
	assert_int_equal(ask(&scene, FOLLOWER, "/users/alice").status, 200);
	assert_int_equal(ask(&scene, STRANGER, "/users/alice").status, 403);
	assert_int_equal(ask(&scene, ANYBODY, "/users/alice").status, 401);
}

static void s072_who_is_suspended_reads_nothing(void **state)
{
	struct scene scene;
	scene_make(&scene, *state);
	for (int v = 0; v <= VISIBILITY_LOCAL; v++)
		assert_int_equal(
			ask(&scene, SUSPENDED, post_target(&scene, (enum visibility)v, "").ptr)
				.status,
			403);
}

/* --- documents --- */

static void an_actor_is_read_by_our_own_reader(void **state)
{
	static const char *const targets[] = { "/users/alice", "/@alice", "/actor" };
	struct fedkit *kit = *state;
	for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
		struct ctx ctx = { .arena = kit->arena };
		struct ap_reader reader = { &ctx, kit->site.iri_flags };
		struct ap_actor actor;
		struct jr_doc *doc;
		struct kit_reply reply = kit_get(kit, targets[i], NULL);
		assert_int_equal(reply.status, 200);
		assert_true(ap_media_type(kit_header(&reply, "Content-Type")));
		assert_int_equal(jr_parse(&ctx, reply.body, &jr_limits_peer, &doc), RC_OK);
		if (ap_actor_decode(&reader, jr_root(doc), &actor) != RC_OK)
			fail_msg("%s", err_text(&ctx.err));
		assert_int_equal(actor.key_count, 2);
		jr_free(&doc);
	}
}

static void the_instance_actor_has_one_address_only(void **state)
{
	struct fedkit *kit = *state;
	static const char *const tails[] = { "", "/outbox", "/followers", "/following",
					     "/collections/featured" };
	for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
		struct str target = kit_json(kit, "/users/home.example%s", tails[i]);
		assert_int_equal(kit_get(kit, target.ptr, NULL).status, 404);
	}
	assert_int_equal(kit_get(kit, "/actor/outbox", NULL).status, 200);
}

static void s076_followers_are_numbers_when_the_account_hides_them(void **state)
{
	struct scene scene;
	scene_make(&scene, *state);
	struct kit_reply page = ask(&scene, ANYBODY, "/users/alice/followers?page=true");
	assert_int_equal(page.status, 200);
	assert_true(str_contains(page.body, str_of(scene.actors[FOLLOWER].uri)));
	/* a follow that waits is no follower; who is suspended is not shown */
	assert_false(str_contains(page.body, str_of(scene.actors[WAITING].uri)));
	assert_false(str_contains(page.body, str_of(scene.actors[SUSPENDED].uri)));
	struct account alice;
	assert_true(kit_account(scene.kit, scene.kit->alice.id, &alice));
	alice.flags |= ACCOUNT_HIDE_NETWORK;
	kit_put_account(scene.kit, &alice);
	struct kit_reply total = ask(&scene, ANYBODY, "/users/alice/followers");
	assert_int_equal(total.status, 200);
	assert_true(str_contains(total.body, STR("\"totalItems\":2")));
	assert_false(str_contains(total.body, STR("\"first\"")));
	assert_int_equal(ask(&scene, ANYBODY, "/users/alice/followers?page=true").status, 404);
	assert_int_equal(ask(&scene, FOLLOWER, "/users/alice/following?page=true").status, 404);
}

static void pages_follow_each_other_and_end(void **state)
{
	struct fedkit *kit = *state;
	struct ctx ctx = { .arena = kit->arena };
	struct str target = STR("/users/alice/outbox");
	unsigned items = 0, pages = 0;
	for (int i = 0; i < 45; i++)
		kit_post(kit, &kit->alice, i % 3 == 2 ? VISIBILITY_LOCAL : VISIBILITY_PUBLIC, "x");
	struct kit_reply first = kit_get(kit, target.ptr, NULL);
	assert_true(str_contains(first.body, STR("\"first\":\"" ALICE "/outbox?page=true\"")));
	target = STR("/users/alice/outbox?page=true");
	while (target.ptr != NULL && pages < 10) {
		struct jr_doc *doc;
		struct kit_reply reply = kit_get(kit, target.ptr, NULL);
		assert_int_equal(reply.status, 200);
		assert_int_equal(jr_parse(&ctx, reply.body, &jr_limits_peer, &doc), RC_OK);
		items += (unsigned)jr_count(jr_get(jr_root(doc), "orderedItems"));
		struct str next = jr_str(jr_get(jr_root(doc), "next"));
		target = next.ptr != NULL ? arena_str(kit->arena, str_skip(next, sizeof(HOME) - 1))
					  : STR_NONE;
		pages++;
		jr_free(&doc);
	}
	assert_int_equal(pages, 2);
	assert_int_equal(items, 30);
	assert_int_equal(kit_get(kit, "/users/alice/outbox?page=true&max_id=x", NULL).status, 404);
}

static void s071_a_page_names_no_post_that_it_does_not_show(void **state)
{
	struct fedkit *kit = *state;
	uint64_t hidden[30];
	kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "first");
	for (size_t i = 0; i < ARRAY_LEN(hidden); i++)
		hidden[i] = kit_post(kit, &kit->alice, VISIBILITY_FOLLOWERS, "hush");
	kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "last");
	struct kit_reply reply = kit_get(kit, "/users/alice/outbox?page=true", NULL);
	assert_int_equal(reply.status, 200);
	for (size_t i = 0; i < ARRAY_LEN(hidden); i++) {
		struct str id = kit_json(kit, "%llu", (unsigned long long)hidden[i]);
		assert_false(str_contains(reply.body, id));
	}
	assert_true(str_contains(reply.body, STR("first")));
	assert_false(str_contains(reply.body, STR("\"next\"")));
}

static void what_was_deleted_is_410(void **state)
{
	struct fedkit *kit = *state;
	uint64_t id = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "oops");
	struct str target = kit_json(kit, "/users/ALICE/statuses/%llu", (unsigned long long)id);
	assert_int_equal(kit_get(kit, target.ptr, NULL).status, 200);
	kit_erase(kit, &kit->alice, id);
	struct kit_reply reply = kit_get(kit, target.ptr, NULL);
	assert_int_equal(reply.status, 410);
	assert_true(str_contains(reply.body, STR("\"type\":\"Tombstone\"")));
	assert_true(str_contains(reply.body, STR("\"id\":\"" ALICE "/statuses/")));
	kit_leave(kit, &kit->alice);
	assert_int_equal(kit_get(kit, "/users/alice", NULL).status, 410);
	assert_int_equal(kit_get(kit, "/users/alice/outbox", NULL).status, 410);
}

static void s071_what_was_private_and_is_deleted_looks_like_what_never_was(void **state)
{
	struct fedkit *kit = *state;
	struct kit_reply absent = kit_get(kit, "/users/alice/statuses/17", NULL);
	for (int v = 0; v <= VISIBILITY_LOCAL; v++) {
		uint64_t id = kit_post(kit, &kit->alice, (enum visibility)v, "oops");
		struct str target =
			kit_json(kit, "/users/alice/statuses/%llu", (unsigned long long)id);
		kit_erase(kit, &kit->alice, id);
		struct kit_reply reply = kit_get(kit, target.ptr, NULL);
		if (v <= VISIBILITY_UNLISTED) {
			assert_int_equal(reply.status, 410);
			continue;
		}
		assert_int_equal(reply.status, 404);
		assert_str_eq(reply.body, absent.body);
	}
}

static void who_is_suspended_here_is_not_served(void **state)
{
	struct fedkit *kit = *state;
	struct str target =
		kit_json(kit, "/users/alice/statuses/%llu",
			 (unsigned long long)kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hi"));
	suspend(kit, kit->alice.id);
	assert_int_equal(kit_get(kit, "/users/alice", NULL).status, 404);
	assert_int_equal(kit_get(kit, "/users/alice/outbox", NULL).status, 404);
	assert_int_equal(kit_get(kit, target.ptr, NULL).status, 404);
}

#define T(name) cmocka_unit_test_setup_teardown(name, kit_setup_http, kit_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(s066_a_post_is_served_to_those_who_may_see_it_by_every_route),
		T(s066_an_authorization_is_served_to_those_who_may_see_its_post),
		T(s066_the_outbox_shows_each_what_may_be_seen),
		T(s066_replies_list_what_may_be_seen),
		T(s066_the_outbox_counts_what_everybody_may_see),
		T(s071_what_may_not_be_seen_looks_like_what_is_not_there),
		T(s071_one_who_is_blocked_sees_no_account),
		T(s073_what_depends_on_the_asker_is_kept_by_no_cache),
		T(s077_in_secure_mode_every_route_but_the_instances_wants_a_signature),
		T(s077_an_allow_list_serves_nobody_else),
		T(s072_who_is_suspended_reads_nothing),
		T(an_actor_is_read_by_our_own_reader),
		T(the_instance_actor_has_one_address_only),
		T(s076_followers_are_numbers_when_the_account_hides_them),
		T(pages_follow_each_other_and_end),
		T(s071_a_page_names_no_post_that_it_does_not_show),
		T(what_was_deleted_is_410),
		T(s071_what_was_private_and_is_deleted_looks_like_what_never_was),
		T(who_is_suspended_here_is_not_served),
	};
	return cmocka_run_group_tests_name("serve", tests, NULL, NULL);
}
