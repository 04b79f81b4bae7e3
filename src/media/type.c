/* What files are, by their first bytes. Pure; any thread. */
#include "media/type.h"

#include "core/attr.h"

#define BRANDS_MAX 32 /* of an ISO file; the first few say it */

/* clang-format off */
const struct media_type media_types[] = {
	{ "image/jpeg", "jpg", MEDIA_IMAGE, "VipsForeignLoadJpeg", "image/jpeg" },
	{ "image/png", "png", MEDIA_IMAGE, "VipsForeignLoadPng", "image/png" },
	{ "image/gif", "gif", MEDIA_IMAGE, "VipsForeignLoadNsgif", "image/gif" },
	{ "image/webp", "webp", MEDIA_IMAGE, "VipsForeignLoadWebp", "image/webp" },
	{ "image/avif", "avif", MEDIA_IMAGE, "VipsForeignLoadHeif", "image/jpeg" },
	{ "image/heic", "heic", MEDIA_IMAGE, "VipsForeignLoadHeif", "image/jpeg" },
	{ "video/mp4", "mp4", MEDIA_VIDEO, "mov", "video/mp4" },
	{ "video/quicktime", "mov", MEDIA_VIDEO, "mov", "video/mp4" },
	{ "video/webm", "webm", MEDIA_VIDEO, "matroska", "video/webm" },
	{ "audio/mp4", "m4a", MEDIA_AUDIO, "mov", "audio/mp4" },
	{ "audio/mpeg", "mp3", MEDIA_AUDIO, "mp3", "audio/mpeg" },
	{ "audio/aac", "aac", MEDIA_AUDIO, "aac", "audio/mp4" },
	{ "audio/ogg", "ogg", MEDIA_AUDIO, "ogg", "audio/ogg" },
	{ "audio/flac", "flac", MEDIA_AUDIO, "flac", "audio/flac" },
	{ "audio/wav", "wav", MEDIA_AUDIO, "wav", "audio/wav" },
};

/* Brands of ISO files (ISO/IEC 14496-12, 23008-12; AV1 in HEIF), in the order of preference. */
static const struct {
	const char *brand;
	const char *type;
} brands[] = {
	{ "avif", "image/avif" }, { "avis", "image/avif" },
	{ "heic", "image/heic" }, { "heix", "image/heic" }, { "heim", "image/heic" },
	{ "heis", "image/heic" }, { "hevc", "image/heic" }, { "hevx", "image/heic" },
	{ "M4A ", "audio/mp4" }, { "M4B ", "audio/mp4" },
	{ "qt  ", "video/quicktime" },
	{ "isom", "video/mp4" }, { "iso2", "video/mp4" }, { "iso4", "video/mp4" },
	{ "iso5", "video/mp4" }, { "iso6", "video/mp4" }, { "mp41", "video/mp4" },
	{ "mp42", "video/mp4" }, { "avc1", "video/mp4" }, { "av01", "video/mp4" },
	{ "M4V ", "video/mp4" }, { "MSNV", "video/mp4" }, { "dash", "video/mp4" },
};
/* clang-format on */
const size_t media_type_count = ARRAY_LEN(media_types);

static const struct media_type *by_name(const char *name)
{
	return media_type_by_name(str_of(name));
}

static const struct media_type *type_at(size_t i)
{
	return i < media_type_count ? &media_types[i] : &media_document_types[i - media_type_count];
}

const struct media_type *media_type_by_name(struct str name)
{
	for (size_t i = 0; i < media_type_count + media_document_type_count; i++) {
		if (str_eq_nocase(name, str_of(type_at(i)->name)))
			return type_at(i);
	}
	return NULL;
}

const struct media_type *media_type_by_extension(struct str extension)
{
	for (size_t i = 0; i < media_type_count + media_document_type_count; i++) {
		if (str_eq(extension, str_of(type_at(i)->extension)))
			return type_at(i);
	}
	return NULL;
}

static unsigned byte_at(struct str s, size_t at)
{
	return (unsigned char)s.ptr[at];
}

static size_t be32(struct str s, size_t at)
{
	return (size_t)byte_at(s, at) << 24 | (size_t)byte_at(s, at + 1) << 16 |
	       (size_t)byte_at(s, at + 2) << 8 | byte_at(s, at + 3);
}

static const char *type_of_brand(struct str brand)
{
	for (size_t i = 0; i < ARRAY_LEN(brands); i++) {
		if (str_eq(brand, str_n(brands[i].brand, 4)))
			return brands[i].type;
	}
	return NULL;
}

/* The first box is "ftyp": a major brand, a version, and those that the file is compatible with. */
static const struct media_type *sniff_iso(struct str bytes)
{
	if (bytes.len < 16 || !str_eq(str_take(str_skip(bytes, 4), 4), STR("ftyp")))
		return NULL;
	size_t size = be32(bytes, 0);
	struct str box = str_take(bytes, size);
	if (size < 16 || size % 4 != 0)
		return NULL;
	const char *type = type_of_brand(str_take(str_skip(bytes, 8), 4));
	for (size_t i = 0; type == NULL && i < BRANDS_MAX && 20 + 4 * i <= box.len; i++)
		type = type_of_brand(str_take(str_skip(box, 16 + 4 * i), 4));
	return type != NULL ? by_name(type) : NULL;
}

static const struct media_type *sniff_riff(struct str bytes)
{
	if (bytes.len < 12 || !str_has_prefix(bytes, STR("RIFF")))
		return NULL;
	struct str form = str_take(str_skip(bytes, 8), 4);
	if (str_eq(form, STR("WEBP")))
		return by_name("image/webp");
	return str_eq(form, STR("WAVE")) ? by_name("audio/wav") : NULL;
}

/* EBML with the document type "webm" (RFC 8794 section 11.2.8); Matroska may be anything. */
static const struct media_type *sniff_ebml(struct str bytes)
{
	if (!str_has_prefix(bytes, STR("\x1a\x45\xdf\xa3")) ||
	    !str_contains(str_take(bytes, 64), STR("\x42\x82\x84webm")))
		return NULL;
	return by_name("video/webm");
}

/* Frames of MPEG audio: a sync of eleven bits, a layer, and neither a free nor a reserved rate. */
static const struct media_type *sniff_mpeg(struct str bytes)
{
	if (bytes.len >= 10 && str_has_prefix(bytes, STR("ID3")))
		return by_name("audio/mpeg");
	if (bytes.len < 4 || byte_at(bytes, 0) != 0xff || (byte_at(bytes, 1) & 0xe0) != 0xe0)
		return NULL;
	unsigned version = byte_at(bytes, 1) >> 3 & 3, layer = byte_at(bytes, 1) >> 1 & 3;
	unsigned rate = byte_at(bytes, 2) >> 4, samples = byte_at(bytes, 2) >> 2 & 3;
	/* ADTS has the layer 0 there, and a sync of twelve bits */
	if (layer == 0 && (byte_at(bytes, 1) & 0x10) != 0)
		return (byte_at(bytes, 2) >> 2 & 15) < 13 ? by_name("audio/aac") : NULL;
	bool sound = version != 1 && layer == 1 && rate != 0 && rate != 15 && samples != 3;
	return sound ? by_name("audio/mpeg") : NULL;
}

static const struct {
	struct str magic;
	const char *type;
} magics[] = {
	{ STR_INIT("\xff\xd8\xff"), "image/jpeg" },
	{ STR_INIT("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "image/png" },
	{ STR_INIT("GIF87a"), "image/gif" },
	{ STR_INIT("GIF89a"), "image/gif" },
	{ STR_INIT("OggS\0"), "audio/ogg" },
	{ STR_INIT("fLaC"), "audio/flac" },
};

const struct media_type *media_sniff(struct str bytes)
{
	static const struct media_type *(*const sniffers[])(struct str bytes) = {
		sniff_iso,
		sniff_riff,
		sniff_ebml,
		sniff_mpeg,
	};
	const struct media_type *type = NULL;
	bytes = str_take(bytes, MEDIA_SNIFF_BYTES);
	for (size_t i = 0; i < ARRAY_LEN(magics); i++) {
		if (str_has_prefix(bytes, magics[i].magic))
			return by_name(magics[i].type);
	}
	for (size_t i = 0; type == NULL && i < ARRAY_LEN(sniffers); i++)
		type = sniffers[i](bytes);
	return type;
}
