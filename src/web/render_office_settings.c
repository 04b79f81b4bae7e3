/* The settings and the roles of a community in its office. Pure. */
#include "office_int.h"
#include "page.h"

struct option {
	const char *value;
	enum word word;
};

/* chosen empty: what is above it. */
static void add_choice(struct buf *out, enum word label, const char *name,
		       const struct option *options, size_t count, struct str chosen)
{
	form_label(out, label);
	tag(out, "<select");
	page_attribute(out, "name", str_of(name));
	tag(out, ">\n");
	form_option(out, STR(""), word(W_OFFICE_AS_PARENT), chosen.len == 0);
	for (size_t i = 0; i < count; i++)
		form_option(out, str_of(options[i].value), word(options[i].word),
			    str_eq(chosen, str_of(options[i].value)));
	tag(out, "</select></label></p>\n");
}

/* --- settings --- */

static struct str given(const struct office_page *page, unsigned bit, const char *value)
{
	return (page->given.given & bit) != 0 ? str_of(value) : STR("");
}

static void add_given_number(struct buf *out, const struct office_page *page, enum word label,
			     const char *name, unsigned bit, uint64_t n)
{
	struct buf digits CLEANUP(buf_free) = BUF_INIT(32);
	if ((page->given.given & bit) != 0)
		buf_add_u64(&digits, n);
	form_input(out, label, name, AS_NUMBER, buf_str(&digits));
}

static void join_lines(struct buf *out, const struct str *list, unsigned count, const char *mark)
{
	for (unsigned i = 0; i < count; i++) {
		if (i != 0)
			tag(out, mark);
		buf_add(out, list[i]);
	}
}

static void add_terms(struct buf *out, const struct community *c)
{
	static const struct option matches[] = { { "any", W_OFFICE_MATCH_ANY },
						 { "all", W_OFFICE_MATCH_ALL } };
	static const struct option others[] = { { "no", W_OFFICE_OTHERS_NO },
						{ "request", W_OFFICE_OTHERS_ASK } };
	struct buf lines CLEANUP(buf_free) = BUF_INIT((size_t)16 << 10);
	struct buf days CLEANUP(buf_free) = BUF_INIT(32);
	const struct community_terms *t = &c->terms;
	bool there = t->condition_count != 0;
	for (unsigned i = 0; i < t->condition_count; i++)
		buf_addf(&lines, "%s%.*s=%.*s", i != 0 ? "\n" : "", STR_ARG(t->conditions[i].name),
			 STR_ARG(t->conditions[i].value));
	if (there)
		buf_add_u64(&days, t->grace_days);
	form_area(out, W_OFFICE_CONDITIONS, "conditions", buf_str(&lines));
	add_choice(out, W_OFFICE_MATCH, "match", matches, ARRAY_LEN(matches),
		   !there   ? STR("")
		   : t->all ? STR("all")
			    : STR("any"));
	add_choice(out, W_OFFICE_OTHERS, "others", others, ARRAY_LEN(others),
		   !there	   ? STR("")
		   : t->others_ask ? STR("request")
				   : STR("no"));
	form_input(out, W_OFFICE_GRACE, "grace", AS_NUMBER, buf_str(&days));
}

static void add_choices(struct buf *out, const struct office_page *page)
{
	static const struct option joins[] = { { "open", W_JOIN_OPEN },
					       { "request", W_JOIN_ON_REQUEST },
					       { "invitation", W_JOIN_BY_INVITATION },
					       { "attribute", W_JOIN_BY_ATTRIBUTE } };
	static const struct option sights[] = { { "public", W_OFFICE_SIGHT_PUBLIC },
						{ "unlisted", W_OFFICE_SIGHT_UNLISTED },
						{ "local", W_OFFICE_SIGHT_LOCAL },
						{ "members", W_OFFICE_SIGHT_MEMBERS } };
	static const struct option postings[] = { { "anybody", W_OFFICE_POSTING_ANYBODY },
						  { "members", W_OFFICE_POSTING_MEMBERS },
						  { "appointed", W_OFFICE_POSTING_APPOINTED } };
	static const struct option answers[] = { { "yes", W_OFFICE_YES }, { "no", W_OFFICE_NO } };
	const struct community *c = &page->given;
	add_choice(out, W_OFFICE_JOIN, "join", joins, ARRAY_LEN(joins),
		   given(page, COMMUNITY_GIVES_JOIN, community_join_name(c->join)));
	add_terms(out, c);
	add_choice(out, W_OFFICE_SIGHT, "sight", sights, ARRAY_LEN(sights),
		   given(page, COMMUNITY_GIVES_SIGHT, community_sight_name(c->sight)));
	add_choice(out, W_OFFICE_POSTING, "posting", postings, ARRAY_LEN(postings),
		   given(page, COMMUNITY_GIVES_POSTING, community_posting_name(c->posting)));
	add_choice(out, W_OFFICE_PREMODERATED, "premoderated", answers, ARRAY_LEN(answers),
		   given(page, COMMUNITY_GIVES_PREMODERATION, c->premoderated ? "yes" : "no"));
}

static void add_lists(struct buf *out, const struct community *c)
{
	struct buf languages CLEANUP(buf_free) = BUF_INIT(4096);
	struct buf rules CLEANUP(buf_free) = BUF_INIT((size_t)256 << 10);
	struct buf tags CLEANUP(buf_free) = BUF_INIT((size_t)16 << 10);
	struct buf flairs CLEANUP(buf_free) = BUF_INIT((size_t)64 << 10);
	join_lines(&languages, c->languages, c->language_count, ", ");
	join_lines(&tags, c->tags, c->tag_count, ", ");
	join_lines(&rules, c->rules, c->rule_count, "\n");
	for (unsigned i = 0; i < c->flair_count; i++) {
		const struct community_flair *f = &c->flairs[i];
		buf_addf(&flairs, "%s%.*s%s%.*s", i != 0 ? "\n" : "", STR_ARG(f->name),
			 f->colour.len != 0 ? "=" : "", STR_ARG(f->colour));
	}
	form_input(out, W_OFFICE_LANGUAGES, "languages", AS_TEXT, buf_str(&languages));
	form_area(out, W_OFFICE_RULES, "rules", buf_str(&rules));
	form_input(out, W_OFFICE_TAGS, "tags", "type=\"text\" maxlength=\"2000\"", buf_str(&tags));
	form_area(out, W_OFFICE_FLAIRS, "flairs", buf_str(&flairs));
}

void office_settings(struct buf *out, const struct office_page *page)
{
	form_fold(out, W_OFFICE_SETTINGS);
	form_small(out, W_OFFICE_INHERITED);
	form_open(out, &page->form, "change");
	form_input(out, W_OFFICE_TITLE, "title", "type=\"text\" maxlength=\"100\"",
		   page->group->display_name);
	form_area(out, W_OFFICE_DESCRIPTION, "description", page->group->note_source);
	form_input(out, W_OFFICE_KIND, "kind", "type=\"text\" maxlength=\"64\"", page->given.kind);
	add_choices(out, page);
	add_given_number(out, page, W_OFFICE_SLOW, "slow", COMMUNITY_GIVES_SLOW,
			 page->given.slow_s);
	add_given_number(out, page, W_OFFICE_RETENTION, "retention", COMMUNITY_GIVES_RETENTION,
			 page->given.retention_days);
	add_lists(out, &page->given);
	form_button(out, W_OFFICE_SAVE, "main");
	form_close(out);
	form_fold_end(out);
}

/* --- pictures --- */

struct picture_words {
	const char *name;
	enum word file, description, gone;
	struct str has, said; /* its address, empty without one; what it is said to show */
};

static void add_picture(struct buf *out, const struct picture_words *p)
{
	struct buf name CLEANUP(buf_free) = BUF_INIT(64);
	form_picture(out, p->file, p->name);
	buf_addf(&name, "%s_description", p->name);
	form_input(out, p->description, name.ptr, "type=\"text\" maxlength=\"1500\"", p->said);
	if (p->has.len == 0)
		return;
	buf_reset(&name);
	buf_addf(&name, "%s_gone", p->name);
	form_check(out, p->gone, name.ptr, false);
}

void office_pictures(struct buf *out, const struct office_page *page)
{
	const struct account *g = page->group;
	form_fold(out, W_OFFICE_PICTURES);
	form_small(out, W_OFFICE_PICTURES_MORE);
	form_open_files(out, &page->form, "pictures");
	add_picture(out, &(struct picture_words){ "avatar", W_OFFICE_AVATAR, W_OFFICE_AVATAR_SHOWS,
						  W_OFFICE_AVATAR_GONE, g->avatar,
						  g->avatar_description });
	add_picture(out, &(struct picture_words){ "header", W_OFFICE_HEADER, W_OFFICE_HEADER_SHOWS,
						  W_OFFICE_HEADER_GONE, g->header,
						  g->header_description });
	form_button(out, W_OFFICE_SAVE, "main");
	form_close(out);
	form_fold_end(out);
}

/* --- roles --- */

/* In the order of their bits. */
static const enum word may_words[] = {
	W_MAY_POST,   W_MAY_COMMENT,   W_MAY_VOTE,    W_MAY_SKIP_QUEUE, W_MAY_INVITE,
	W_MAY_ADMIT,  W_MAY_APPROVE,   W_MAY_REMOVE,  W_MAY_LOCK,	W_MAY_PIN,
	W_MAY_BAN,    W_MAY_REPORTS,   W_MAY_STRIKES, W_MAY_EDIT,	W_MAY_ROLES,
	W_MAY_EVENTS, W_MAY_RESOURCES, W_MAY_BALLOTS, W_MAY_BADGES,	W_MAY_ANNOUNCE,
};

_Static_assert((1U << ARRAY_LEN(may_words)) - 1 == COMMUNITY_MAY_ALL, "a word for each");

struct str office_permission_field(struct arena *arena, const char *name)
{
	return arena_printf(arena, "p-%s", name);
}

static void add_permissions(struct buf *out, unsigned permissions)
{
	tag(out, "<fieldset class=\"choices\">\n<legend>");
	html_add_text(out, word(W_OFFICE_ROLE_MAY));
	tag(out, "</legend>\n");
	for (unsigned i = 0; i < ARRAY_LEN(may_words); i++) {
		struct buf name CLEANUP(buf_free) = BUF_INIT(64);
		buf_addf(&name, "p-%s", community_permission_name(1U << i));
		tag(out, "<label class=\"choice\"><input type=\"checkbox\" value=\"1\"");
		page_attribute(out, "name", buf_str(&name));
		tag(out, (permissions & 1U << i) != 0 ? " checked> " : "> ");
		html_add_text(out, word(may_words[i]));
		tag(out, "</label>\n");
	}
	tag(out, "</fieldset>\n");
}

/* role NULL: a new one. */
static void add_role(struct buf *out, const struct office_page *page,
		     const struct community_role *role)
{
	struct buf place CLEANUP(buf_free) = BUF_INIT(32);
	buf_add_u64(&place, role != NULL ? role->position : 1);
	tag(out, "<details>\n<summary>");
	html_add_text(out, role != NULL ? role->name : word(W_OFFICE_ROLE_NEW));
	tag(out, "</summary>\n");
	form_open(out, &page->form, "role");
	if (role != NULL)
		form_id(out, "id", role->id);
	form_input(out, W_OFFICE_ROLE_NAME, "name", "type=\"text\" maxlength=\"100\" required",
		   role != NULL ? role->name : STR(""));
	form_input(out, W_OFFICE_ROLE_PLACE, "position", AS_NUMBER, buf_str(&place));
	add_permissions(out, role != NULL ? role->permissions : 0);
	form_button(out, W_OFFICE_SAVE, "main");
	form_close(out);
	if (role != NULL && role->id >= COMMUNITY_ROLE_OWN)
		form_act(out, &page->form, "role_drop", "id", role->id, W_OFFICE_ROLE_DROP,
			 "quiet");
	form_fold_end(out);
}

void office_roles(struct buf *out, const struct office_page *page)
{
	form_fold(out, W_OFFICE_ROLES);
	form_small(out, W_OFFICE_ROLES_MORE);
	for (size_t i = 0; i < page->role_count; i++)
		add_role(out, page, &page->roles[i]);
	add_role(out, page, NULL);
	form_fold_end(out);
}
