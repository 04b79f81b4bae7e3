/*
 * Uploads made anew by real helpers: this program is its own helper. What is damaged, too large or
 * malicious ends as a refusal (S-091 to S-095).
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../helper.h"
#include "../make.h"
#include "testkit.h"

#define MARKER STR("SECRET-MARKER")

static const struct media_settings settings = {
	.pixels = 40000000,
	.ffmpeg = STR_INIT("/usr/bin/ffmpeg"),
	.ffprobe = STR_INIT("/usr/bin/ffprobe"),
};

struct world {
	struct ctx ctx;
	struct buf input;
	struct made made;
};

static void world_init(struct world *w)
{
	*w = (struct world){ .ctx.arena = arena_new(1 << 20), .input = BUF_INIT(1 << 20) };
	assert_non_null(w->ctx.arena);
	made_init(&w->made);
}

static void world_free(struct world *w)
{
	arena_free(&w->ctx.arena);
	buf_free(&w->input);
	made_free(&w->made);
}

static struct str fixture(struct world *w, const char *name)
{
	char path[512], bytes[4096];
	const char *top = getenv("FF_SRCDIR");
	ssize_t n;
	snprintf(path, sizeof(path), "%s/src/media/test/fixtures/%s", top != NULL ? top : ".",
		 name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail_msg("%s cannot be opened", path);
	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		buf_add_bytes(&w->input, bytes, (size_t)n);
	close(fd);
	return buf_str(&w->input);
}

static enum rc make(struct world *w, struct str bytes, uint32_t width, uint32_t height)
{
	const struct make order = { .settings = &settings,
				    .type = media_sniff(bytes),
				    .bytes = bytes,
				    .width = width,
				    .height = height };
	assert_non_null(order.type);
	if (order.type->kind != MEDIA_IMAGE)
		return make_film(&w->ctx, &order, &w->made);
	return make_picture(&w->ctx.err, &order, &w->made);
}

static void made_ok(struct world *w, const char *name)
{
	struct str bytes = fixture(w, name);
	if (make(w, bytes, 0, 0) != RC_OK)
		fail_msg("%s: %s", name, err_text(&w->ctx.err));
}

static void assert_clean(const struct made *made)
{
	const struct str outputs[] = { buf_str(&made->file.bytes), buf_str(&made->small.bytes) };
	static const struct str traces[] = { STR_INIT("SECRET-MARKER"), STR_INIT("Exif"),
					     STR_INIT("+52.5"), STR_INIT("tEXt") };
	for (size_t i = 0; i < ARRAY_LEN(outputs); i++) {
		for (size_t k = 0; k < ARRAY_LEN(traces); k++) {
			if (str_contains(outputs[i], traces[k]))
				fail_msg("\"%.*s\" is in what was kept as %s", STR_ARG(traces[k]),
					 made->file.type->name);
		}
	}
}

static void pictures_of_every_kind_are_made_anew(void **state UNUSED)
{
	static const struct {
		const char *name, *type, *small;
		uint32_t width, height;
	} cases[] = {
		/* it lies on its side, and says so */
		{ "turned.jpg", "image/jpeg", "image/jpeg", 30, 40 },
		{ "alpha.png", "image/png", "image/png", 24, 16 },
		{ "moving.gif", "image/gif", "image/png", 16, 16 },
		{ "plain.webp", "image/webp", "image/jpeg", 20, 32 },
		{ "plain.avif", "image/jpeg", "image/jpeg", 64, 48 },
		{ "plain.heic", "image/jpeg", "image/jpeg", 64, 48 },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct world w CLEANUP(world_free);
		world_init(&w);
		made_ok(&w, cases[i].name);
		assert_str_eq(str_of(w.made.file.type->name), str_of(cases[i].type));
		assert_str_eq(str_of(w.made.small.type->name), str_of(cases[i].small));
		assert_int_equal(w.made.file.width, cases[i].width);
		assert_int_equal(w.made.file.height, cases[i].height);
		assert_true(w.made.small.width != 0 && w.made.small.width <= 640);
		assert_true(blurhash_valid(str_of(w.made.blurhash)));
		assert_clean(&w.made);
	}
}

static void s093_what_the_fixtures_tell_is_really_there(void **state UNUSED)
{
	static const char *const names[] = { "turned.jpg", "alpha.png", "moving.gif",
					     "film.mp4",   "film.webm", "sound.mp3" };
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct world w CLEANUP(world_free);
		world_init(&w);
		assert_true(str_contains(fixture(&w, names[i]), MARKER));
	}
}

static void a_moving_picture_keeps_its_frames(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	size_t frames = 0;
	world_init(&w);
	made_ok(&w, "moving.gif");
	struct str rest = buf_str(&w.made.file.bytes);
	/* graphic control extensions: one before each frame */
	for (size_t at; (at = str_find(rest, STR("\x21\xf9\x04"))) != rest.len; frames++)
		rest = str_skip(rest, at + 3);
	assert_int_equal(frames, 3);
}

static void an_avatar_is_cut_to_its_size(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	assert_int_equal(make(&w, fixture(&w, "turned.jpg"), 400, 400), RC_OK);
	assert_int_equal(w.made.file.width, 400);
	assert_int_equal(w.made.file.height, 400);
}

static void s094_too_many_pixels_are_refused_undecoded(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	assert_int_equal(make(&w, fixture(&w, "bomb.png"), 0, 0), RC_INVALID);
	assert_str_eq(str_of(w.ctx.err.detail), STR("the picture has too many pixels"));
}

static void damaged_pictures_are_refused(void **state UNUSED)
{
	static const char *const names[] = { "turned.jpg", "alpha.png", "plain.webp",
					     "plain.avif" };
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct world w CLEANUP(world_free);
		world_init(&w);
		struct str bytes = fixture(&w, names[i]);
		enum rc rc = make(&w, str_take(bytes, bytes.len / 2), 0, 0);
		if (rc != RC_INVALID)
			fail_msg("half of %s is %s", names[i], rc_name(rc));
		assert_true(w.ctx.err.detail[0] != '\0');
	}
}

static void s095_what_stands_behind_a_picture_is_gone(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	fixture(&w, "turned.jpg");
	buf_add(&w.input, STR("<script>SECRET-MARKER</script>PK\3\4"));
	assert_int_equal(make(&w, buf_str(&w.input), 0, 0), RC_OK);
	assert_clean(&w.made);
}

/* The loader of one type does not read another, whatever libvips could. */
static void s091_a_disguised_file_is_refused(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct str svg = STR("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>");
	const struct make order = { .settings = &settings,
				    .type = media_type_by_name(STR("image/png")),
				    .bytes = svg };
	assert_int_equal(make_picture(&w.ctx.err, &order, &w.made), RC_INVALID);
}

/* --- films and sounds --- */

static bool films_are_possible(void)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	return make(&w, fixture(&w, "film.webm"), 0, 0) != RC_UNSUPPORTED;
}

static void films_and_sounds_are_copied_without_what_they_tell(void **state UNUSED)
{
	static const struct {
		const char *name, *type;
		uint64_t least_ms, most_ms;
		uint32_t width, height;
	} cases[] = {
		{ "film.mp4", "video/mp4", 900, 1200, 64, 48 },
		{ "film.webm", "video/webm", 400, 900, 64, 48 },
		{ "sound.mp3", "audio/mpeg", 400, 700, 0, 0 },
		{ "sound.ogg", "audio/ogg", 250, 400, 0, 0 },
	};
	if (!films_are_possible())
		skip();
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct world w CLEANUP(world_free);
		world_init(&w);
		made_ok(&w, cases[i].name);
		assert_str_eq(str_of(w.made.file.type->name), str_of(cases[i].type));
		assert_in_range(w.made.duration_ms, cases[i].least_ms, cases[i].most_ms);
		assert_int_equal(w.made.file.width, cases[i].width);
		assert_int_equal(w.made.file.height, cases[i].height);
		assert_int_equal(w.made.small.type != NULL, cases[i].width != 0);
		assert_clean(&w.made);
	}
}

static void damaged_films_are_refused(void **state UNUSED)
{
	if (!films_are_possible())
		skip();
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct str bytes = fixture(&w, "film.mp4");
	assert_int_equal(make(&w, str_take(bytes, 200), 0, 0), RC_INVALID);
}

static void without_ffmpeg_films_are_refused_with_a_reason(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct media_settings none = settings;
	world_init(&w);
	none.ffmpeg = none.ffprobe = STR("/nowhere/ffmpeg");
	struct str bytes = fixture(&w, "film.mp4");
	const struct make order = { .settings = &none, .type = media_sniff(bytes), .bytes = bytes };
	assert_int_equal(make_film(&w.ctx, &order, &w.made), RC_UNSUPPORTED);
	assert_true(str_contains(str_of(w.ctx.err.detail), STR("ffmpeg is not installed")));
}

/* --- the walls --- */

static enum rc run_program(const char *const *args, struct buf *answer, int *status)
{
	struct err err = { 0 };
	struct helper_job job = {
		.args = { "program" }, .input = STR("x"), .deadline_ms = 5000, .answer = answer
	};
	for (size_t i = 0; args[i] != NULL; i++)
		job.args[i + 1] = args[i];
	return helper_run(&err, &job, status);
}

static void s091_a_program_sees_no_files_of_ours(void **state UNUSED)
{
	static const char *const allowed[] = { "/bin/sh", "-c", "echo here", NULL };
	static const char *const reading[] = { "/bin/cat", "/etc/passwd", NULL };
	static const char *const writing[] = { "/bin/sh", "-c", ": >/tmp/fediflow-out", NULL };
	static const char *const listing[] = { "/bin/ls", "/", NULL };
	static const char *const *const forbidden[] = { reading, writing, listing };
	struct buf answer CLEANUP(buf_free) = BUF_INIT(4096);
	int status;
	enum rc rc = run_program(allowed, &answer, &status);
	if (rc != RC_OK && WIFEXITED(status) && WEXITSTATUS(status) == MEDIA_HELPER_NO_SANDBOX)
		skip();
	assert_int_equal(rc, RC_OK);
	assert_str_eq(buf_str(&answer), STR("here\n"));
	for (size_t i = 0; i < ARRAY_LEN(forbidden); i++) {
		buf_reset(&answer);
		assert_int_equal(run_program(forbidden[i], &answer, &status), RC_INVALID);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 0);
		assert_int_equal(answer.len, 0);
	}
	assert_int_equal(access("/tmp/fediflow-out", F_OK), -1);
}

static void a_helper_that_hangs_is_killed(void **state UNUSED)
{
	struct buf answer CLEANUP(buf_free) = BUF_INIT(4096);
	struct err err = { 0 };
	int status;
	const struct helper_job job = { .args = { "program", "/bin/sleep", "60" },
					.input = STR("x"),
					.deadline_ms = 50,
					.answer = &answer };
	enum rc rc = helper_run(&err, &job, &status);
	if (rc == RC_INVALID && WIFEXITED(status) && WEXITSTATUS(status) == MEDIA_HELPER_NO_SANDBOX)
		skip();
	assert_int_equal(rc, RC_TIMEOUT);
	assert_true(WIFSIGNALED(status));
}

static void a_helper_is_stopped_with_its_node(void **state UNUSED)
{
	struct buf answer CLEANUP(buf_free) = BUF_INIT(4096);
	const _Atomic bool stop = true;
	struct err err = { 0 };
	int status;
	const struct helper_job job = { .args = { "program", "/bin/sleep", "60" },
					.input = STR("x"),
					.deadline_ms = 60000,
					.stop = &stop,
					.answer = &answer };
	assert_int_equal(helper_run(&err, &job, &status), RC_UNREACHABLE);
	assert_true(WIFSIGNALED(status));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pictures_of_every_kind_are_made_anew),
		cmocka_unit_test(s093_what_the_fixtures_tell_is_really_there),
		cmocka_unit_test(a_moving_picture_keeps_its_frames),
		cmocka_unit_test(an_avatar_is_cut_to_its_size),
		cmocka_unit_test(s094_too_many_pixels_are_refused_undecoded),
		cmocka_unit_test(damaged_pictures_are_refused),
		cmocka_unit_test(s095_what_stands_behind_a_picture_is_gone),
		cmocka_unit_test(s091_a_disguised_file_is_refused),
		cmocka_unit_test(films_and_sounds_are_copied_without_what_they_tell),
		cmocka_unit_test(damaged_films_are_refused),
		cmocka_unit_test(without_ffmpeg_films_are_refused_with_a_reason),
		cmocka_unit_test(s091_a_program_sees_no_files_of_ours),
		cmocka_unit_test(a_helper_that_hangs_is_killed),
		cmocka_unit_test(a_helper_is_stopped_with_its_node),
	};
	if (argc > 1 && strcmp(argv[1], MEDIA_HELPER) == 0)
		return media_helper_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
