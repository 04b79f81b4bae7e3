/*
 * Which hosts are gone. Posts that are lacking are asked for at addresses that a partner has told, so that one of them
 * does not answer says nothing of its host: the host's own root is asked then, and any answer of it, whatever its status,
 * is one. Who gave none for as long as queue.down_after says, whenever it was asked, is gone.
 */
#include "joint_job_int.h"
#include "store/joint_copy.h"

#define PROBE_BYTES ((size_t)64 << 10)
#define PROBE_TIMEOUT_MS 20000

static void probe_came(void *arg, const struct fetch_result *result)
{
	struct joint_work *w = arg;
	/* what may not be asked, or cannot be now, is not silent */
	w->silent =
		result->status == 0 && (result->rc == RC_UNREACHABLE || result->rc == RC_TIMEOUT);
	w->probed(w);
}

void joint_probe(struct joint_work *w, void (*then)(struct joint_work *w))
{
	struct ctx quiet = { .arena = w->ctx.arena };
	struct iri iri;
	w->silent = false;
	w->probed = then;
	/* whoever has asked for a pause has answered */
	if (iri_parse(&quiet, w->task.uri, w->fed->site->iri_flags, &iri) != RC_OK ||
	    site_owns(w->fed->site, &iri) || !peer_permitted_uri(w->fed, w->task.uri) ||
	    throttle_held(w->fed->pauses, iri.authority, clock_steady_ms(w->fed->clock)))
		return then(w);
	struct str root = arena_printf(w->ctx.arena, "%.*s://%.*s/", STR_ARG(iri.scheme),
				       STR_ARG(iri.authority));
	if (root.ptr == NULL)
		return then(w);
	const struct fetch_request request = { .method = STR("GET"),
					       .url = root,
					       .bytes_max = PROBE_BYTES,
					       .timeout_ms = PROBE_TIMEOUT_MS,
					       .done = probe_came,
					       .arg = w };
	fetch_submit(w->fed->fetch, &request);
}

void joint_host_answered(struct social *s, struct str uri)
{
	host_silence_end(s->txn, uri_authority(uri));
}

void joint_silence_step(struct joint_work *w, struct social *s)
{
	if (w->silent)
		host_silence_note(s->txn, uri_authority(w->task.uri), clock_wall_ms(w->fed->clock));
	else
		joint_host_answered(s, w->task.uri);
}

bool joint_origin_is_gone(struct joint_work *w, struct db_txn *txn, struct str uri,
			  uint64_t *asked_ms)
{
	const uint64_t now = clock_wall_ms(w->fed->clock);
	struct host_silence silence;
	if (!host_silence_get(txn, uri_authority(uri), &silence))
		return false;
	if (asked_ms != NULL)
		*asked_ms = silence.last_ms;
	return silence.since_ms + queue_down_after_ms(w->fed->queue) <= now &&
	       silence.last_ms + HOST_SILENCE_GAP_MS >= now;
}
