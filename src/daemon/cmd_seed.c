/*
 * fediflow seed FILE: people, follows, posts, boosts and likes from a file, for demonstrations and
 * tests.
 *
 *   {"people":  [{"name", "display_name"?, "note"?, "kind"?, "email"?, "password"?, "locked"?}],
 *    "follows": [{"who", "whom"}],
 *    "posts":   [{"author", "text", "key"?, "reply_to"?, "visibility"?, "title"?, "spoiler"?,
 *                "language"?, "poll"?: {"options": [...], "ends"?, "multiple"?}}],
 *    "boosts":  [{"who", "post"}], "likes": [{"who", "post"}],
 *    "votes":   [{"who", "post", "choices": [...]}]}
 *
 * whom may be of another host; reply_to and post are a key of this file, or an address. Who is there
 * already stays as they are, and so does what was done already; posts are made each time.
 */
#include "acts.h"
#include "cmd.h"
#include "core/map.h"
#include "files.h"
#include "polls.h"
#include "present.h"
#include "target.h"
#include "json/jr.h"

#define FILE_BYTES_MAX ((size_t)64 << 20)

static const struct jr_limits seed_limits = {
	.bytes = FILE_BYTES_MAX, .depth = 6, .nodes = 2000000, .names = 16, .string = 1 << 20
};

struct seed {
	struct cli *cli;
	struct node *node;
	struct map posts; /* key -> address, in cli's arena */
	uint64_t done, passed;
};

/* An entry must have what it needs; index is for people, from 1. */
static enum rc member(struct seed *seed, struct jr entry, const char *name, struct str *out)
{
	*out = jr_str(jr_get(entry, name));
	if (out->len != 0)
		return RC_OK;
	return ctx_fail(&seed->cli->ctx, RC_INVALID, "an entry lacks \"%s\"", name);
}

static enum rc seed_person(struct seed *seed, struct jr entry)
{
	struct new_account wanted = { .display_name = jr_str(jr_get(entry, "display_name")),
				      .note = jr_str(jr_get(entry, "note")),
				      .email = jr_str(jr_get(entry, "email")),
				      .locked = jr_bool(jr_get(entry, "locked"), false) };
	struct str kind = jr_str(jr_get(entry, "kind"));
	struct str password = jr_str(jr_get(entry, "password"));
	struct buf hash CLEANUP(buf_free) = BUF_INIT(1024);
	struct account made;
	enum rc rc = member(seed, entry, "name", &wanted.username);
	if (rc != RC_OK)
		return rc;
	if (kind.len != 0 && !present_account_kind_parse(kind, &wanted.kind))
		return ctx_fail(&seed->cli->ctx, RC_INVALID, "\"%.*s\" is no kind of account",
				STR_ARG(str_take(kind, 40)));
	if (password.len != 0 && password_hash(password, &hash) != RC_OK)
		return ctx_fail(&seed->cli->ctx, RC_INVALID, "a password has 8 to 256 bytes");
	wanted.password_hash = buf_str(&hash);
	return acts_create(seed->cli, seed->node, &wanted, &made);
}

static enum rc seed_follow(struct seed *seed, struct jr entry)
{
	struct str who, whom = STR_NONE;
	struct account follower, followee;
	enum rc rc = member(seed, entry, "who", &who);
	if (rc == RC_OK)
		rc = member(seed, entry, "whom", &whom);
	if (rc == RC_OK)
		rc = target_account(seed->cli, seed->node, who, TARGET_LOCAL, &follower);
	if (rc == RC_OK)
		rc = target_account(seed->cli, seed->node, whom, TARGET_FETCH, &followee);
	if (rc == RC_OK)
		rc = acts_relate(seed->cli, seed->node, ACTS_FOLLOW, follower.id, followee.id,
				 NULL);
	return rc;
}

/* A key of this file, or an address. */
static enum rc find_post(struct seed *seed, struct str word, struct status *out)
{
	const char *address = map_get(&seed->posts, word);
	return target_status(seed->cli, seed->node, address != NULL ? str_of(address) : word,
			     TARGET_FETCH, out);
}

static enum rc post_keep_key(struct seed *seed, struct str key, uint64_t id)
{
	struct arena *arena = seed->cli->ctx.arena;
	if (key.len == 0)
		return RC_OK;
	struct str word = arena_printf(arena, "%llu", (unsigned long long)id);
	if (word.ptr == NULL || !map_put(&seed->posts, key, arena_cstr(arena, word)))
		return ctx_fail(&seed->cli->ctx, RC_NO_MEMORY, "out of memory");
	return RC_OK;
}

static enum rc post_poll(struct seed *seed, struct jr entry, struct poll_draft *out,
			 struct draft *draft)
{
	struct jr poll = jr_get(entry, "poll"), options = jr_get(poll, "options");
	struct str ends = jr_str(jr_get(poll, "ends"));
	if (jr_type(poll) == JR_ABSENT)
		return RC_OK;
	*out = (struct poll_draft){ .multiple = jr_bool(jr_get(poll, "multiple"), false),
				    .lasts_ms = MS_PER_DAY };
	if (jr_count(options) > POLL_OPTIONS_MAX)
		return ctx_fail(&seed->cli->ctx, RC_INVALID, "a poll has too many options");
	if (ends.ptr != NULL && !conf_parse_duration(ends, &out->lasts_ms))
		return ctx_fail(&seed->cli->ctx, RC_INVALID, "\"%.*s\" is no duration",
				STR_ARG(str_take(ends, 40)));
	for (; out->option_count < jr_count(options); out->option_count++)
		out->options[out->option_count] = jr_str(jr_at(options, out->option_count));
	draft->poll = out;
	return RC_OK;
}

static enum rc seed_post(struct seed *seed, struct jr entry)
{
	struct draft draft = { .title = jr_str(jr_get(entry, "title")),
			       .spoiler = jr_str(jr_get(entry, "spoiler")),
			       .language = jr_str(jr_get(entry, "language")),
			       .visibility = VISIBILITY_PUBLIC };
	struct str author, parent = jr_str(jr_get(entry, "reply_to"));
	struct str visibility = jr_str(jr_get(entry, "visibility"));
	struct status answered;
	struct poll_draft poll;
	enum rc rc = member(seed, entry, "author", &author);
	if (rc == RC_OK)
		rc = member(seed, entry, "text", &draft.text);
	if (rc == RC_OK && visibility.len != 0 && !visibility_parse(visibility, &draft.visibility))
		rc = ctx_fail(&seed->cli->ctx, RC_INVALID, "\"%.*s\" is no visibility",
			      STR_ARG(str_take(visibility, 40)));
	if (rc == RC_OK)
		rc = target_account(seed->cli, seed->node, author, TARGET_LOCAL, &draft.author);
	if (rc == RC_OK)
		rc = post_poll(seed, entry, &poll, &draft);
	if (rc == RC_OK && parent.len != 0) {
		rc = find_post(seed, parent, &answered);
		draft.parent = rc == RC_OK ? answered.id : 0;
	}
	draft.sensitive = draft.spoiler.len != 0;
	if (rc == RC_OK)
		rc = acts_post(seed->cli, seed->node, &draft);
	return rc == RC_OK ? post_keep_key(seed, jr_str(jr_get(entry, "key")), draft.id) : rc;
}

static enum rc seed_reaction(struct seed *seed, struct jr entry, enum acts_reaction what)
{
	struct str who, post = STR_NONE;
	struct account actor;
	struct status status;
	enum rc rc = member(seed, entry, "who", &who);
	if (rc == RC_OK)
		rc = member(seed, entry, "post", &post);
	if (rc == RC_OK)
		rc = target_account(seed->cli, seed->node, who, TARGET_LOCAL, &actor);
	if (rc == RC_OK)
		rc = find_post(seed, post, &status);
	if (rc == RC_OK)
		rc = acts_react(seed->cli, seed->node, what, actor.id, status.id, VISIBILITY_PUBLIC,
				NULL);
	return rc;
}

static enum rc seed_boost(struct seed *seed, struct jr entry)
{
	return seed_reaction(seed, entry, ACTS_BOOST);
}

static enum rc seed_like(struct seed *seed, struct jr entry)
{
	return seed_reaction(seed, entry, ACTS_LIKE);
}

static enum rc seed_vote(struct seed *seed, struct jr entry)
{
	struct jr list = jr_get(entry, "choices");
	struct str who, post = STR_NONE, choices[POLL_OPTIONS_MAX];
	struct account actor;
	struct status status;
	unsigned count = 0;
	enum rc rc = member(seed, entry, "who", &who);
	if (rc == RC_OK)
		rc = member(seed, entry, "post", &post);
	if (rc == RC_OK && jr_count(list) > POLL_OPTIONS_MAX)
		rc = ctx_fail(&seed->cli->ctx, RC_INVALID, "a vote has too many choices");
	if (rc == RC_OK)
		rc = target_account(seed->cli, seed->node, who, TARGET_LOCAL, &actor);
	if (rc == RC_OK)
		rc = find_post(seed, post, &status);
	if (rc != RC_OK)
		return rc;
	for (; count < jr_count(list); count++)
		choices[count] = jr_str(jr_at(list, count));
	return polls_vote(seed->cli, seed->node, actor.id, status.id, choices, count);
}

/* In this order: what comes later may name what came before. */
static const struct {
	const char *name;
	enum rc (*entry)(struct seed *seed, struct jr entry);
} parts[] = {
	{ "people", seed_person }, { "follows", seed_follow }, { "posts", seed_post },
	{ "boosts", seed_boost },  { "likes", seed_like },     { "votes", seed_vote },
};

static enum rc seed_part(struct seed *seed, struct jr list, size_t part)
{
	struct ctx *ctx = &seed->cli->ctx;
	for (size_t i = 0; i < jr_count(list); i++) {
		enum rc rc = parts[part].entry(seed, jr_at(list, i));
		if (rc == RC_EXISTS) {
			ctx->err = (struct err){ .rc = RC_OK };
			seed->passed++;
			continue;
		}
		if (rc != RC_OK) {
			struct err first = ctx->err;
			ctx->err = (struct err){ .rc = RC_OK };
			return ctx_fail(ctx, rc, "%s, number %zu: %s", parts[part].name, i + 1,
					err_text(&first));
		}
		seed->done++;
	}
	return RC_OK;
}

/* A name that is none of ours would be passed over in silence. */
static enum rc check_names(struct cli *cli, struct jr root)
{
	struct jr_iter it = { 0 };
	struct jr value;
	struct str name;
	while (jr_next(root, &it, &name, &value)) {
		bool known = false;
		for (size_t i = 0; i < ARRAY_LEN(parts); i++)
			known = known || str_eq(name, str_of(parts[i].name));
		if (!known || jr_type(value) != JR_ARRAY)
			return ctx_fail(&cli->ctx, RC_INVALID,
					"\"%.*s\" is no list of people, follows, posts, boosts, "
					"likes or votes",
					STR_ARG(str_take(name, 40)));
	}
	return RC_OK;
}

static enum rc seed_all(struct seed *seed, struct jr root)
{
	enum rc rc = check_names(seed->cli, root);
	for (size_t i = 0; i < ARRAY_LEN(parts) && rc == RC_OK; i++)
		rc = seed_part(seed, jr_get(root, parts[i].name), i);
	if (rc != RC_OK)
		return rc;
	output_object(&seed->cli->out, NULL);
	output_num(&seed->cli->out, "done", seed->done);
	output_num(&seed->cli->out, "passed_over", seed->passed);
	output_end(&seed->cli->out);
	return RC_OK;
}

enum rc cmd_seed(struct cli *cli)
{
	struct node node = { .db = NULL };
	struct buf text CLEANUP(buf_free) = BUF_INIT(FILE_BYTES_MAX);
	struct seed seed = { .cli = cli, .node = &node, .posts = MAP_INIT };
	struct jr_doc *doc = NULL;
	enum rc rc = file_read(&cli->ctx, cli->arguments[0], &text);
	if (rc == RC_OK)
		rc = jr_parse(&cli->ctx, buf_str(&text), &seed_limits, &doc);
	if (rc == RC_OK)
		rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = seed_all(&seed, jr_root(doc));
	node_close(&node);
	map_free(&seed.posts);
	jr_free(&doc);
	return rc;
}
