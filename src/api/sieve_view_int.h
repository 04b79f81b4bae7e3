/* What moderators see of the sieve. */
#ifndef FF_API_SIEVE_VIEW_INT_H
#define FF_API_SIEVE_VIEW_INT_H

#include "admin_int.h"
#include "own_int.h"
#include "social/sift.h"

/* A post that was marked. */
struct sieve_view {
	struct sieve_mark mark;
	struct sift_evidence evidence[SIFT_EVIDENCE_MAX];
	unsigned evidence_count;
	struct status_view status;
	bool has_status;
};

/* counts NULL: not shown. */
void render_sieve_rule(struct jw *w, const struct sieve_row *row, const struct sieve_count *counts,
		       size_t count);
void render_sieve_scan(struct jw *w, const struct sift_scan *scan);
void render_sieve_view(struct jw *w, const struct site *site, const struct sieve_view *view);
void render_wave(struct jw *w, const struct wave *wave);
void render_wave_preview(struct jw *w, const struct wave_preview *preview);

#endif
