/* fediflow fetch: what another host says of itself, decoded; signed by the node's own actor. */
#include "ap/actor.h"
#include "ap/object.h"
#include "ap/vocab.h"
#include "cmd.h"
#include "node.h"
#include "present.h"
#include "reach.h"
#include "target.h"
#include "json/jr.h"

/* An address stands for itself; a handle is looked for first. */
static enum rc fetch_address(struct cli *cli, struct node *node, struct str word, struct str *out)
{
	struct account account;
	if (str_contains(word, STR("://"))) {
		*out = word;
		return RC_OK;
	}
	enum rc rc = target_account(cli, node, word, TARGET_FETCH, &account);
	if (rc == RC_OK)
		*out = account.uri;
	return rc;
}

/* --- decoded --- */

static void print_text(struct cli *cli, const char *name, struct str markup)
{
	struct html html;
	struct str text = STR_NONE;
	struct ctx sub = { .arena = cli->ctx.arena };
	if (markup.len != 0 && html_sanitize(&sub, markup, &html) == RC_OK)
		(void)!html_to_text(&sub, html, &text);
	output_opt(&cli->out, name, text);
}

static void print_actor(struct cli *cli, const struct ap_actor *actor)
{
	struct output *out = &cli->out;
	output_str(out, "id", actor->id);
	output_str(out, "type", actor->type);
	output_str(out, "username", actor->username);
	output_opt(out, "name", actor->name);
	print_text(cli, "summary", actor->summary);
	output_opt(out, "url", actor->url);
	output_str(out, "inbox", actor->inbox);
	output_opt(out, "shared_inbox", actor->shared_inbox);
	output_opt(out, "outbox", actor->outbox);
	output_opt(out, "followers", actor->followers);
	output_opt(out, "following", actor->following);
	output_opt(out, "icon", actor->icon);
	output_opt(out, "moved_to", actor->moved_to);
	output_flag(out, "locked", actor->locked);
	output_date(out, "published", actor->published_ms);
	output_list(out, "keys");
	for (unsigned i = 0; i < actor->key_count; i++) {
		output_object(out, NULL);
		output_str(out, "id", actor->keys[i].id);
		output_str(out, "form", actor->keys[i].pem.len != 0 ? STR("pem") : STR("multikey"));
		output_end(out);
	}
	output_end(out);
}

static void print_object(struct cli *cli, const struct ap_object *object)
{
	struct output *out = &cli->out;
	output_str(out, "id", object->id);
	output_str(out, "type", object->type);
	output_str(out, "attributed_to", object->attributed_to);
	output_opt(out, "name", object->name);
	output_opt(out, "summary", object->summary);
	print_text(cli, "content", object->content);
	output_opt(out, "language", object->language);
	output_opt(out, "url", object->url);
	output_opt(out, "in_reply_to", object->in_reply_to);
	output_flag(out, "sensitive", object->sensitive);
	output_date(out, "published", object->published_ms);
	output_date(out, "updated", object->updated_ms);
	output_list(out, "recipients");
	for (unsigned i = 0; i < object->audience.count; i++)
		output_item(out, object->audience.ids[i]);
	output_end(out);
	output_list(out, "mentions");
	for (unsigned i = 0; i < object->mention_count; i++)
		output_item(out, object->mentions[i].name);
	output_end(out);
	output_list(out, "hashtags");
	for (unsigned i = 0; i < object->hashtag_count; i++)
		output_item(out, object->hashtags[i]);
	output_end(out);
}

static enum rc print_decoded(struct cli *cli, const struct node *node, const struct jr_doc *doc)
{
	const struct ap_reader reader = { &cli->ctx, node->site.iri_flags };
	struct jr root = jr_root(doc);
	enum ap_object_class class = ap_type_class(jr_get(root, "type"));
	struct ap_actor *actor = ARENA_NEW(cli->ctx.arena, struct ap_actor);
	struct ap_object *object = NULL;
	enum rc rc = RC_OK;
	if (actor == NULL)
		return ctx_fail(&cli->ctx, RC_NO_MEMORY, "out of memory");
	output_object(&cli->out, NULL);
	if (class == AP_CLASS_ACTOR) {
		rc = ap_actor_decode(&reader, root, actor);
		if (rc == RC_OK)
			print_actor(cli, actor);
	} else if (class == AP_CLASS_POST) {
		rc = ap_object_decode(&reader, root, &object);
		if (rc == RC_OK)
			print_object(cli, object);
	} else {
		/* nothing we keep: only what it says it is */
		output_opt(&cli->out, "id", ap_id(&reader, root));
		output_opt(&cli->out, "type", jr_str(jr_one_at(jr_get(root, "type"), 0)));
	}
	output_end(&cli->out);
	return rc;
}

static enum rc print_document(struct cli *cli, const struct node *node,
			      const struct fed_document *document)
{
	struct jr_doc *doc = NULL;
	if (command_switch(cli, "raw")) {
		output_raw(&cli->out, document->body);
		if (!str_has_suffix(document->body, STR("\n")))
			output_raw(&cli->out, STR("\n"));
		return RC_OK;
	}
	enum rc rc = jr_parse(&cli->ctx, document->body, &jr_limits_peer, &doc);
	if (rc == RC_OK)
		rc = print_decoded(cli, node, doc);
	jr_free(&doc);
	return rc;
}

enum rc cmd_fetch(struct cli *cli)
{
	struct node node;
	struct str address = STR_NONE;
	struct fed_document document;
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = fetch_address(cli, &node, command_argument(cli, 0), &address);
	if (rc == RC_OK)
		rc = reach_document(cli, &node, address, &document);
	if (rc == RC_OK)
		rc = print_document(cli, &node, &document);
	node_close(&node);
	return rc;
}
