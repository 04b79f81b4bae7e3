/*
 * Films and sounds: ffprobe says what is in the file, ffmpeg copies the streams that are taken into
 * a new file without whatever else there was, and draws a picture of it. The demuxer is the one of
 * the type that was found, so that no list of other files is ever followed (S-091). Workers.
 */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper.h"
#include "make.h"
#include "json/jr.h"

#define ANSWER_MAX ((size_t)256 << 10)
#define PROBE_MS (20 * MS_PER_SECOND)
#define COPY_MS (60 * MS_PER_SECOND)
#define HOURS_MAX 12
#define INPUT "/proc/self/fd/0"
#define OUTPUT "/proc/self/fd/3"
#define PICTURE "/proc/self/fd/4"

/* What a kind of file may have in it, so that browsers can show it; and how it is written. */
static const struct container {
	const char *type;
	const char *muxer;
	const char *video; /* codecs, parted by blanks */
	const char *audio;
} containers[] = {
	{ "video/mp4", "mp4", "h264 hevc av1 vp9", "aac mp3 opus" },
	{ "video/webm", "webm", "vp8 vp9 av1", "opus vorbis" },
	{ "audio/mp4", "ipod", "", "aac alac" },
	{ "audio/mpeg", "mp3", "", "mp3" },
	{ "audio/ogg", "ogg", "", "vorbis opus flac" },
	{ "audio/flac", "flac", "", "flac" },
	{ "audio/wav", "wav", "", "pcm_s16le pcm_s24le pcm_u8 pcm_f32le" },
};

static const struct container *container_of(const struct media_type *type)
{
	for (size_t i = 0; i < ARRAY_LEN(containers); i++) {
		if (str_eq(str_of(type->writer), str_of(containers[i].type)))
			return &containers[i];
	}
	return NULL;
}

static bool in_list(const char *list, struct str word)
{
	struct str rest = str_of(list), one;
	while (str_next(&rest, ' ', &one)) {
		if (one.len != 0 && str_eq(one, word))
			return true;
	}
	return false;
}

struct film {
	bool video, audio;
	uint64_t duration_ms;
};

/* --- what is in it --- */

static bool is_cover(struct jr stream)
{
	int64_t cover;
	struct jr flag = jr_get(jr_get(stream, "disposition"), "attached_pic");
	return jr_i64(flag, &cover) && cover != 0;
}

static enum rc read_stream(struct err *err, struct jr stream, const struct container *c,
			   uint64_t pixels, struct film *film)
{
	struct str kind = jr_str(jr_get(stream, "codec_type"));
	struct str codec = jr_str(jr_get(stream, "codec_name"));
	int64_t width = 0, height = 0;
	bool video = str_eq(kind, STR("video"));
	if ((!video && !str_eq(kind, STR("audio"))) || (video && is_cover(stream)))
		return RC_OK;
	/* only the first of each is kept */
	if (video ? film->video : film->audio)
		return RC_OK;
	if (!in_list(video ? c->video : c->audio, codec))
		return err_set(err, RC_INVALID, "%s in it is not taken: \"%.*s\"",
			       video ? "the film" : "the sound", STR_ARG(str_take(codec, 32)));
	if (video && (!jr_i64(jr_get(stream, "width"), &width) ||
		      !jr_i64(jr_get(stream, "height"), &height) || width <= 0 || height <= 0 ||
		      (uint64_t)width * (uint64_t)height > pixels))
		return err_set(err, RC_INVALID, "the film has too many pixels");
	film->video = film->video || video;
	film->audio = film->audio || !video;
	return RC_OK;
}

/* Seconds with a fraction, as text. */
static bool read_duration(struct str text, uint64_t *ms)
{
	struct str whole, part;
	uint64_t seconds, fraction = 0;
	str_split(text, '.', &whole, &part);
	if (!str_to_u64(whole, &seconds) || seconds > UINT64_C(3600) * HOURS_MAX)
		return false;
	part = str_take(part, 3);
	if (part.len == 3 && !str_to_u64(part, &fraction))
		return false;
	*ms = seconds * 1000 + fraction;
	return true;
}

static enum rc read_probe(struct ctx *ctx, const struct make *order, struct str answer,
			  struct film *film)
{
	const struct container *c = container_of(order->type);
	struct jr_doc *doc = NULL;
	struct ctx parsing = { .arena = ctx->arena };
	if (c == NULL || jr_parse(&parsing, answer, &jr_limits_peer, &doc) != RC_OK)
		return ctx_fail(ctx, RC_INVALID, "the file cannot be read");
	struct jr streams = jr_get(jr_root(doc), "streams");
	enum rc rc = RC_OK;
	for (size_t i = 0; rc == RC_OK && i < jr_count(streams); i++)
		rc = read_stream(&ctx->err, jr_at(streams, i), c, order->settings->pixels, film);
	struct str duration = jr_str(jr_get(jr_get(jr_root(doc), "format"), "duration"));
	/* a stream that was recorded live does not say */
	if (rc == RC_OK && duration.ptr != NULL && !read_duration(duration, &film->duration_ms))
		rc = ctx_fail(ctx, RC_INVALID, "it is too long");
	if (rc == RC_OK && (order->type->kind == MEDIA_VIDEO ? !film->video : !film->audio))
		rc = ctx_fail(ctx, RC_INVALID, "there is nothing to see or hear in the file");
	jr_free(&doc);
	return rc;
}

/* --- programs --- */

static enum rc run(struct err *err, struct helper_job *job)
{
	int status;
	enum rc rc = helper_run(err, job, &status);
	if (rc == RC_INVALID && WIFEXITED(status) && WEXITSTATUS(status) == MEDIA_HELPER_NO_SANDBOX)
		return err_set(err, RC_UNSUPPORTED,
			       "films and sounds are not taken: this system cannot confine ffmpeg");
	if (rc == RC_INVALID)
		return err_set(err, RC_INVALID, "the file is damaged");
	return rc;
}

static void add_args(struct helper_job *job, const char *const *args)
{
	size_t n = 0;
	while (job->args[n] != NULL)
		n++;
	for (size_t i = 0; args[i] != NULL && n + 1 < HELPER_ARGS_MAX; i++)
		job->args[n++] = args[i];
}

static enum rc probe(struct ctx *ctx, const struct make *order, const char *ffprobe,
		     struct film *film)
{
	struct buf answer CLEANUP(buf_free) = BUF_INIT(ANSWER_MAX);
	struct helper_job job = { .program = order->program,
				  .input = order->bytes,
				  .deadline_ms = PROBE_MS,
				  .stop = order->stop,
				  .answer = &answer };
	const char *const args[] = { "program",
				     ffprobe,
				     "-v",
				     "quiet",
				     "-protocol_whitelist",
				     "file",
				     "-f",
				     order->type->reader,
				     "-show_entries",
				     "format=duration:stream=codec_type,codec_name,width,height:"
				     "stream_disposition=attached_pic",
				     "-of",
				     "json",
				     INPUT,
				     NULL };
	add_args(&job, args);
	enum rc rc = run(&ctx->err, &job);
	if (rc != RC_OK)
		return rc;
	if (answer.failed)
		return ctx_fail(ctx, RC_INVALID, "the file is damaged");
	return read_probe(ctx, order, buf_str(&answer), film);
}

/* A new file with the same streams (S-093), and the first frame as a picture. */
static enum rc copy(struct err *err, const struct make *order, const char *ffmpeg,
		    const struct film *film, struct made *out, struct buf *frame)
{
	struct buf answer CLEANUP(buf_free) = BUF_INIT(ANSWER_MAX);
	struct helper_job job = { .program = order->program,
				  .input = order->bytes,
				  .deadline_ms = COPY_MS,
				  .stop = order->stop,
				  .answer = &answer,
				  .out = &out->file.bytes,
				  .small = frame };
	bool video = order->type->kind == MEDIA_VIDEO && film->video;
	const char *const input[] = { "program",
				      ffmpeg,
				      "-v",
				      "quiet",
				      "-nostdin",
				      "-y",
				      "-protocol_whitelist",
				      "file",
				      "-f",
				      order->type->reader,
				      "-i",
				      INPUT,
				      NULL };
	const char *const picture[] = { "-map", "0:v:0", "-frames:v",  "1",	"-c:v",
					"png",	"-f",	 "image2pipe", PICTURE, NULL };
	const char *const streams[] = { "-map", video ? "0:v:0" : "0:a:0", "-map",
					video ? "0:a:0?" : "-0:v", NULL };
	const char *const output[] = { "-c",
				       "copy",
				       "-map_metadata",
				       "-1",
				       "-map_chapters",
				       "-1",
				       "-fflags",
				       "+bitexact",
				       "-flags",
				       "+bitexact",
				       "-movflags",
				       "+faststart",
				       "-f",
				       container_of(order->type)->muxer,
				       OUTPUT,
				       NULL };
	add_args(&job, input);
	if (video)
		add_args(&job, picture);
	add_args(&job, streams);
	add_args(&job, output);
	enum rc rc = run(err, &job);
	out->file.type = media_type_by_name(str_of(order->type->writer));
	if (rc == RC_OK &&
	    (out->file.bytes.failed || media_sniff(buf_str(&out->file.bytes)) != out->file.type))
		return err_set(err, RC_INVALID, "the file is damaged");
	return rc;
}

/* --- pictures of it --- */

static enum rc stand_in(struct err *err, const struct make *order, struct str bytes,
			struct made *out)
{
	struct made picture CLEANUP(made_free);
	struct make drawing = { .settings = order->settings,
				.program = order->program,
				.type = media_sniff(bytes),
				.bytes = bytes,
				.stop = order->stop };
	made_init(&picture);
	if (drawing.type == NULL || drawing.type->kind != MEDIA_IMAGE)
		return err_set(err, RC_INVALID, "the thumbnail is no picture");
	enum rc rc = make_picture(err, &drawing, &picture);
	if (rc != RC_OK)
		return rc;
	if (order->type->kind == MEDIA_VIDEO && out->file.width == 0) {
		out->file.width = picture.file.width;
		out->file.height = picture.file.height;
	}
	buf_free(&out->small.bytes);
	out->small = picture.small;
	picture.small.bytes = (struct buf)BUF_INIT(0);
	memcpy(out->blurhash, picture.blurhash, sizeof(out->blurhash));
	return RC_OK;
}

enum rc make_film(struct ctx *ctx, const struct make *order, struct made *out)
{
	struct buf frame CLEANUP(buf_free) = BUF_INIT((size_t)128 << 20);
	const char *ffmpeg = arena_cstr(ctx->arena, order->settings->ffmpeg);
	const char *ffprobe = arena_cstr(ctx->arena, order->settings->ffprobe);
	struct film film = { .video = false };
	if (ffmpeg == NULL || ffprobe == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	if (access(ffmpeg, X_OK) != 0 || access(ffprobe, X_OK) != 0)
		return ctx_fail(ctx, RC_UNSUPPORTED,
				"films and sounds are not taken here: ffmpeg is not installed");
	enum rc rc = probe(ctx, order, ffprobe, &film);
	if (rc == RC_OK)
		rc = copy(&ctx->err, order, ffmpeg, &film, out, &frame);
	if (rc == RC_OK && !frame.failed && frame.len != 0)
		rc = stand_in(&ctx->err, order, buf_str(&frame), out);
	if (rc == RC_OK && order->thumbnail.len != 0)
		rc = stand_in(&ctx->err, order, order->thumbnail, out);
	out->duration_ms = film.duration_ms;
	return rc;
}
