/* The entity MediaAttachment, as it is written. */
#include "../view_int.h"
#include "testkit.h"

static void assert_written(const struct media_view *view, const char *expected)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(1 << 16);
	struct jw w;
	jw_init(&w, &out);
	render_medium(&w, view);
	jw_done(&w);
	assert_str_eq(buf_str(&out), str_of(expected));
}

static void a_picture_has_sizes_and_a_focus(void **state UNUSED)
{
	const struct media_view view = {
		.id = 22348641,
		.type = "image",
		.url = STR("https://social.example.org/media/files/1.jpg"),
		.preview = STR("https://social.example.org/media/files/2.jpg"),
		.description = STR("a \"cat\""),
		.blurhash = STR("UFBWY:8_0Jxv4mx]t8t64.%M-:IUWGWAt6M}"),
		.width = 640,
		.height = 320,
		.small_width = 461,
		.small_height = 230,
		.has_focus = true,
		.focus_x = -420,
		.focus_y = 1000,
	};
	assert_written(&view, "{\"id\":\"22348641\",\"type\":\"image\","
			      "\"url\":\"https://social.example.org/media/files/1.jpg\","
			      "\"preview_url\":\"https://social.example.org/media/files/2.jpg\","
			      "\"remote_url\":null,\"description\":\"a \\\"cat\\\"\","
			      "\"blurhash\":\"UFBWY:8_0Jxv4mx]t8t64.%M-:IUWGWAt6M}\","
			      "\"meta\":{\"original\":{\"width\":640,\"height\":320,\"size\":"
			      "\"640x320\",\"aspect\":2},"
			      "\"small\":{\"width\":461,\"height\":230,\"size\":\"461x230\","
			      "\"aspect\":2.0043478260869567},\"focus\":{\"x\":-0.42,\"y\":1}}}");
}

static void a_sound_has_a_duration(void **state UNUSED)
{
	const struct media_view view = {
		.id = 7,
		.type = "audio",
		.url = STR("https://social.example.org/media/remote/file-0/7/0"),
		.remote = STR("https://b.example/1.ogg"),
		.duration_ms = 402860,
	};
	assert_written(&view, "{\"id\":\"7\",\"type\":\"audio\","
			      "\"url\":\"https://social.example.org/media/remote/file-0/7/0\","
			      "\"preview_url\":null,\"remote_url\":\"https://b.example/1.ogg\","
			      "\"description\":null,\"blurhash\":null,"
			      "\"meta\":{\"original\":{\"duration\":402.86}}}");
}

static void what_is_being_processed_has_no_address(void **state UNUSED)
{
	const struct media_view view = { .id = 7, .type = "video" };
	assert_written(&view, "{\"id\":\"7\",\"type\":\"video\",\"url\":null,\"preview_url\":null,"
			      "\"remote_url\":null,\"description\":null,\"blurhash\":null,"
			      "\"meta\":{}}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_picture_has_sizes_and_a_focus),
		cmocka_unit_test(a_sound_has_a_duration),
		cmocka_unit_test(what_is_being_processed_has_no_address),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
