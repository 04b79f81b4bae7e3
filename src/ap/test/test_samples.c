/* What other servers really sent, when such samples lie beside the source: everything decodes to
 * something plausible. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "ap/activity.h"
#include "ap/actor.h"
#include "ap/object.h"
#include "apkit.h"
#include "core/must.h"

#define FILE_MAX ((size_t)1 << 20)

struct tally {
	struct kit kit;
	unsigned files, activities, actors, posts, refused;
};

static bool has_host(struct str id)
{
	return str_has_prefix(id, STR("https://")) || str_has_prefix(id, STR("http://"));
}

static void try_document(struct tally *tally, const char *path, struct jr root)
{
	struct ap_reader *reader = &tally->kit.reader;
	struct jr type = jr_get(root, "type");
	struct ap_activity activity;
	struct ap_actor actor;
	struct ap_object *object;
	enum rc rc = RC_OK;
	switch (ap_type_class(type)) {
	case AP_CLASS_ACTIVITY:
		rc = ap_activity_decode(reader, root, &activity);
		if (rc == RC_OK)
			assert_true(has_host(activity.actor) && activity.type != AP_OTHER);
		tally->activities += rc == RC_OK;
		if (rc == RC_OK && ap_type_class(jr_get(activity.object, "type")) == AP_CLASS_POST)
			rc = ap_object_decode(reader, activity.object, &object);
		break;
	case AP_CLASS_ACTOR:
		rc = ap_actor_decode(reader, root, &actor);
		if (rc == RC_OK)
			assert_true(has_host(actor.id) && actor.username.len != 0);
		tally->actors += rc == RC_OK;
		break;
	case AP_CLASS_POST:
		rc = ap_object_decode(reader, root, &object);
		if (rc == RC_OK)
			assert_true(has_host(object->id) && has_host(object->attributed_to) &&
				    object->published_ms != 0);
		tally->posts += rc == RC_OK;
		break;
	case AP_CLASS_UNKNOWN:
	case AP_CLASS_VOTE:
	case AP_CLASS_TOMBSTONE:
	case AP_CLASS_COLLECTION:
	case AP_CLASS_KEY:
		break;
	}
	if (rc == RC_OK)
		return;
	print_message("refused: %s: %s\n", path, err_text(&tally->kit.ctx.err));
	assert_int_equal(rc, RC_INVALID);
	tally->refused++;
}

static void try_file(struct tally *tally, const char *path)
{
	static char bytes[FILE_MAX];
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	size_t len = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	struct jr root = kit_parse_bytes(&tally->kit, str_n(bytes, len));
	try_document(tally, path, root);
	tally->files++;
}

static void try_folder(struct tally *tally, const char *path)
{
	DIR *dir = opendir(path);
	assert_non_null(dir);
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		char name[4096];
		struct stat st;
		int n = snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		must(n > 0 && (size_t)n < sizeof(name));
		if (entry->d_name[0] == '.' || stat(name, &st) != 0)
			continue;
		if (S_ISDIR(st.st_mode))
			try_folder(tally, name);
		else if (str_has_suffix(str_of(name), STR(".json")))
			try_file(tally, name);
	}
	closedir(dir);
}

static void what_servers_sent_is_understood(void **state UNUSED)
{
	struct tally tally = { .files = 0 };
	const char *top = getenv("FF_SRCDIR");
	char path[4096];
	struct stat st;
	int n = snprintf(path, sizeof(path), "%s/../shared/data/activities",
			 top != NULL ? top : ".");
	must(n > 0 && (size_t)n < sizeof(path));
	if (stat(path, &st) != 0)
		skip();
	kit_init(&tally.kit);
	/* some were taken on test machines */
	tally.kit.reader.iri_flags = IRI_HTTP | IRI_LITERAL;
	try_folder(&tally, path);
	kit_free(&tally.kit);
	print_message("%u files: %u activities, %u actors, %u posts\n", tally.files,
		      tally.activities, tally.actors, tally.posts);
	assert_true(tally.activities != 0 && tally.actors != 0 && tally.posts != 0);
	/* some have hosts that are no names */
	assert_true(tally.refused * 20 < tally.files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_servers_sent_is_understood),
	};
	return cmocka_run_group_tests_name("samples", tests, NULL, NULL);
}
