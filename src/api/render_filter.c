/* The entities Filter, FilterKeyword, FilterStatus, and V1::Filter. Pure. */
#include "own_int.h"

#include <stdio.h>

static void render_contexts(struct jw *w, const struct filter *f)
{
	jw_name(w, "context");
	jw_array(w);
	for (unsigned bit = 1; bit < FILTER_CONTEXTS; bit <<= 1) {
		if ((f->contexts & bit) != 0)
			jw_str(w, str_of(filter_context_name((enum filter_context)bit)));
	}
	jw_end(w);
}

void render_filter_keyword(struct jw *w, const struct filter_keyword *k)
{
	jw_object(w);
	jw_member_id(w, "id", k->id);
	jw_member_str(w, "keyword", k->text);
	jw_member_bool(w, "whole_word", k->whole_word);
	jw_end(w);
}

void render_filter_status(struct jw *w, const struct filter_status *s)
{
	jw_object(w);
	jw_member_id(w, "id", s->id);
	jw_member_id(w, "status_id", s->status);
	jw_end(w);
}

void render_filter(struct jw *w, const struct filter *f)
{
	jw_object(w);
	jw_member_id(w, "id", f->id);
	jw_member_str(w, "title", f->title);
	render_contexts(w, f);
	jw_member_time(w, "expires_at", f->expires_ms);
	jw_member_str(w, "filter_action", str_of(filter_action_name(f->action)));
	jw_name(w, "keywords");
	jw_array(w);
	for (unsigned i = 0; i < f->keyword_count; i++)
		render_filter_keyword(w, &f->keywords[i]);
	jw_end(w);
	jw_name(w, "statuses");
	jw_array(w);
	for (unsigned i = 0; i < f->status_count; i++)
		render_filter_status(w, &f->statuses[i]);
	jw_end(w);
	jw_end(w);
}

void render_v1_filter(struct jw *w, const struct filter *f, const struct filter_keyword *k)
{
	jw_object(w);
	jw_member_id(w, "id", k->id);
	jw_member_str(w, "phrase", k->text);
	render_contexts(w, f);
	jw_member_bool(w, "whole_word", k->whole_word);
	jw_member_time(w, "expires_at", f->expires_ms);
	jw_member_bool(w, "irreversible", f->action == FILTER_HIDE);
	jw_end(w);
}

/* The filter without what it holds: who is told that a post is hidden need not be told how else. */
static void render_filter_alone(struct jw *w, const struct filter *f)
{
	jw_object(w);
	jw_member_id(w, "id", f->id);
	jw_member_str(w, "title", f->title);
	render_contexts(w, f);
	jw_member_time(w, "expires_at", f->expires_ms);
	jw_member_str(w, "filter_action", str_of(filter_action_name(f->action)));
	jw_end(w);
}

static void render_match(struct jw *w, const struct filter_match *m, uint64_t status)
{
	char id[24];
	snprintf(id, sizeof(id), "%llu", (unsigned long long)status);
	jw_object(w);
	jw_name(w, "filter");
	render_filter_alone(w, m->filter);
	jw_name(w, "keyword_matches");
	jw_array(w);
	for (unsigned i = 0; i < m->keyword_count; i++)
		jw_str(w, m->keywords[i]);
	jw_end(w);
	jw_name(w, "status_matches");
	jw_array(w);
	if (m->status)
		jw_str(w, str_of(id));
	jw_end(w);
	jw_end(w);
}

void render_filtered(struct jw *w, const struct filter_match *matches, size_t count,
		     uint64_t status)
{
	jw_array(w);
	for (size_t i = 0; i < count; i++)
		render_match(w, &matches[i], status);
	jw_end(w);
}
