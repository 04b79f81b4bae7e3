/* The types that are known. Stateless, any thread. */
#include "ap/vocab.h"

#include "core/attr.h"
#include "core/must.h"

static const char *const activity_names[AP_ACTIVITY_COUNT] = { [AP_OTHER] = "",
#define X(constant, name) [AP_##constant] = name,
							       AP_ACTIVITY_TABLE(X)
#undef X
};

struct class_row {
	struct str name;
	enum ap_object_class class;
};

/* Activity Vocabulary section 3, and what the fediverse added. */
static const struct class_row classes[] = {
	{ STR_INIT("Note"), AP_CLASS_POST },
	{ STR_INIT("Article"), AP_CLASS_POST },
	{ STR_INIT("Page"), AP_CLASS_POST },
	{ STR_INIT("Question"), AP_CLASS_POST },
	{ STR_INIT("Event"), AP_CLASS_POST },
	{ STR_INIT("Video"), AP_CLASS_POST },
	{ STR_INIT("Audio"), AP_CLASS_POST },
	{ STR_INIT("Image"), AP_CLASS_POST },
	{ STR_INIT("Document"), AP_CLASS_POST },
	{ STR_INIT("ChatMessage"), AP_CLASS_POST },
	{ STR_INIT("Person"), AP_CLASS_ACTOR },
	{ STR_INIT("Group"), AP_CLASS_ACTOR },
	{ STR_INIT("Organization"), AP_CLASS_ACTOR },
	{ STR_INIT("Service"), AP_CLASS_ACTOR },
	{ STR_INIT("Application"), AP_CLASS_ACTOR },
	{ STR_INIT("Tombstone"), AP_CLASS_TOMBSTONE },
	{ STR_INIT("Collection"), AP_CLASS_COLLECTION },
	{ STR_INIT("OrderedCollection"), AP_CLASS_COLLECTION },
	{ STR_INIT("CollectionPage"), AP_CLASS_COLLECTION },
	{ STR_INIT("OrderedCollectionPage"), AP_CLASS_COLLECTION },
	{ STR_INIT("FeaturedCollection"), AP_CLASS_COLLECTION },
	{ STR_INIT("Key"), AP_CLASS_KEY },
	{ STR_INIT("CryptographicKey"), AP_CLASS_KEY },
	{ STR_INIT("Multikey"), AP_CLASS_KEY },
#define X(constant, name) { STR_INIT(name), AP_CLASS_ACTIVITY },
	AP_ACTIVITY_TABLE(X)
#undef X
};

const char *ap_activity_name(enum ap_activity_type type)
{
	must(type < AP_ACTIVITY_COUNT);
	return activity_names[type];
}

static const struct class_row *class_find(struct jr type)
{
	for (size_t i = 0; i < jr_one_count(type); i++) {
		struct str name = jr_str(jr_one_at(type, i));
		for (size_t k = 0; k < ARRAY_LEN(classes); k++) {
			if (str_eq(name, classes[k].name))
				return &classes[k];
		}
	}
	return NULL;
}

enum ap_activity_type ap_type_activity(struct jr type)
{
	for (size_t i = 0; i < jr_one_count(type); i++) {
		struct str name = jr_str(jr_one_at(type, i));
		for (unsigned k = AP_OTHER + 1; k < AP_ACTIVITY_COUNT; k++) {
			if (str_eq(name, str_of(activity_names[k])))
				return (enum ap_activity_type)k;
		}
	}
	return AP_OTHER;
}

enum ap_object_class ap_type_class(struct jr type)
{
	const struct class_row *row = class_find(type);
	return row != NULL ? row->class : AP_CLASS_UNKNOWN;
}

struct str ap_post_type(size_t index)
{
	for (size_t i = 0; i < ARRAY_LEN(classes); i++) {
		if (classes[i].class == AP_CLASS_POST && index-- == 0)
			return classes[i].name;
	}
	return STR_NONE;
}

struct str ap_type_name(struct jr type)
{
	const struct class_row *row = class_find(type);
	return row != NULL ? row->name : STR_NONE;
}
