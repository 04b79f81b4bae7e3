/* Rules of the sieve, what it made of posts, and waves, as moderators see them. Pure. */
#include "sieve_view_int.h"

static void add_days(struct jw *w, const struct sieve_count *counts, size_t count)
{
	jw_name(w, "history");
	jw_array(w);
	for (size_t i = 0; i < count; i++) {
		jw_object(w);
		jw_member_day(w, "day", (uint64_t)counts[i].day * MS_PER_DAY);
		jw_member_u64(w, "shadow", counts[i].shadow);
		jw_member_u64(w, "live", counts[i].live);
		jw_member_u64(w, "exhausted", counts[i].exhausted);
		jw_end(w);
	}
	jw_end(w);
}

void render_sieve_rule(struct jw *w, const struct sieve_row *row, const struct sieve_count *counts,
		       size_t count)
{
	jw_object(w);
	jw_member_id(w, "id", row->id);
	jw_member_u64(w, "position", row->position);
	jw_member_u64(w, "revision", row->revision);
	jw_member_str(w, "mode", str_of(sieve_mode_name(row->mode)));
	jw_member_str(w, "action", str_of(sieve_action_name((enum sieve_action)row->action)));
	jw_member_nullable(w, "label", row->label);
	jw_member_str(w, "rule", row->text);
	jw_member_date(w, "created_at", row->created_ms);
	jw_member_date(w, "updated_at", row->updated_ms);
	jw_member_id_opt(w, "updated_by", row->by);
	if (counts != NULL)
		add_days(w, counts, count);
	jw_end(w);
}

static void member_ids(struct jw *w, const char *name, const uint64_t *ids, unsigned count)
{
	jw_name(w, name);
	jw_array(w);
	for (unsigned i = 0; i < count; i++)
		jw_u64_str(w, ids[i]);
	jw_end(w);
}

void render_sieve_scan(struct jw *w, const struct sift_scan *scan)
{
	jw_object(w);
	jw_member_u64(w, "looked_at", scan->looked_at);
	jw_member_u64(w, "fits", scan->fits);
	jw_member_bool(w, "complete", scan->complete);
	member_ids(w, "sample", scan->sample, scan->sample_count);
	jw_end(w);
}

/* --- posts --- */

static const char *state_name(enum sieve_state state)
{
	static const char *const names[] = {
		[SIEVE_MARKED] = "marked",	[SIEVE_WAITING] = "waiting",
		[SIEVE_RELEASED] = "released",	[SIEVE_REFUSED] = "refused",
		[SIEVE_ROLLED] = "rolled_back",
	};
	return names[state];
}

static void member_percent(struct jw *w, const char *name, uint8_t percent)
{
	if (percent != SIEVE_UNASKED)
		jw_member_u64(w, name, percent);
	else
		jw_member_null(w, name);
}

static void add_hits(struct jw *w, const struct sieve_mark *mark)
{
	jw_name(w, "rules");
	jw_array(w);
	for (unsigned i = 0; i < mark->hit_count; i++) {
		const struct sieve_hit *hit = &mark->hits[i];
		jw_object(w);
		jw_member_id(w, "id", hit->rule);
		jw_member_str(w, "action",
			      str_of(sieve_action_name((enum sieve_action)hit->action)));
		jw_member_nullable(w, "label", hit->label);
		jw_end(w);
	}
	jw_end(w);
}

static void add_evidence(struct jw *w, const struct sieve_view *view)
{
	jw_name(w, "evidence");
	jw_array(w);
	for (unsigned i = 0; i < view->evidence_count; i++) {
		struct buf weight CLEANUP(buf_free) = BUF_INIT(64);
		buf_addf(&weight, "%.3f", view->evidence[i].weight);
		jw_object(w);
		jw_member_str(w, "word", view->evidence[i].word);
		jw_name(w, "weight");
		jw_raw(w, buf_str(&weight));
		jw_end(w);
	}
	jw_end(w);
}

void render_sieve_view(struct jw *w, const struct site *site, const struct sieve_view *view)
{
	const struct sieve_mark *mark = &view->mark;
	jw_object(w);
	jw_member_id(w, "id", mark->status);
	jw_member_str(w, "state", str_of(state_name(mark->state)));
	jw_member_bool(w, "edited", mark->edited);
	jw_member_date(w, "created_at", mark->at_ms);
	jw_member_date(w, "updated_at", mark->changed_ms != 0 ? mark->changed_ms : mark->at_ms);
	jw_member_time(w, "decided_at", mark->decided_ms);
	jw_member_id_opt(w, "decided_by", mark->decided_by);
	member_percent(w, "spam", mark->spam);
	member_percent(w, "similar", mark->similar);
	add_hits(w, mark);
	add_evidence(w, view);
	jw_name(w, "status");
	if (view->has_status)
		render_status(w, site, &view->status);
	else
		jw_null(w);
	jw_end(w);
}

/* --- waves --- */

void render_wave(struct jw *w, const struct wave *wave)
{
	jw_object(w);
	jw_member_id(w, "id", wave->id);
	jw_member_str(w, "state", str_of(wave_state_name(wave->state)));
	jw_member_id_opt(w, "rule", wave->wish.rule);
	jw_member_nullable(w, "host", wave->wish.host);
	jw_member_id_opt(w, "like", wave->wish.like);
	jw_member_u64(w, "likeness", wave->wish.likeness);
	jw_member_date(w, "from", wave->wish.from_ms);
	jw_member_date(w, "to", wave->wish.to_ms);
	jw_member_u64(w, "posts", wave->posts);
	jw_member_id_opt(w, "created_by", wave->by);
	jw_member_date(w, "created_at", wave->created_ms);
	jw_member_date(w, "undo_until", wave->until_ms);
	jw_end(w);
}

void render_wave_preview(struct jw *w, const struct wave_preview *preview)
{
	jw_object(w);
	jw_member_u64(w, "posts", preview->posts);
	jw_member_u64(w, "local", preview->local);
	jw_member_u64(w, "looked_at", preview->looked_at);
	jw_member_bool(w, "complete", preview->complete);
	jw_name(w, "hosts");
	jw_array(w);
	for (unsigned i = 0; i < preview->host_count; i++) {
		jw_object(w);
		jw_member_str(w, "host", preview->hosts[i].host);
		jw_member_u64(w, "posts", preview->hosts[i].posts);
		jw_end(w);
	}
	jw_end(w);
	member_ids(w, "sample", preview->sample, preview->sample_count);
	jw_end(w);
}
