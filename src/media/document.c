/*
 * Documents that communities share, kept as they came: what is named here is what is in the file, as far
 * as it says so (S-091, S-095). Nothing in them is opened by this node or run by a browser: they are
 * only saved. Pure; any thread.
 */
#include "core/attr.h"
#include "core/utf8.h"
#include "media/type.h"

#define ZIP_ENTRIES_MAX 20000
#define ZIP_END_SIZE 22	      /* end of central directory record, without its comment */
#define ZIP_COMMENT_MAX 65535 /* APPNOTE 6.3.10 section 4.3.16 */
#define ZIP_HEAD_SIZE 46      /* central directory header: section 4.3.12 */
#define ZIP_LOCAL_SIZE 30     /* local file header: section 4.3.7 */
#define PDF_END_BYTES 2048
#define CSV_LINES_LOOKED_AT 50

/* clang-format off */
const struct media_type media_document_types[] = {
	{ "application/pdf", "pdf", MEDIA_DOCUMENT, "", "application/pdf" },
	{ "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", MEDIA_DOCUMENT, "word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
	{ "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", MEDIA_DOCUMENT, "xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
	{ "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx", MEDIA_DOCUMENT, "ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation" },
	{ "application/vnd.oasis.opendocument.text", "odt", MEDIA_DOCUMENT, "", "application/vnd.oasis.opendocument.text" },
	{ "application/vnd.oasis.opendocument.spreadsheet", "ods", MEDIA_DOCUMENT, "", "application/vnd.oasis.opendocument.spreadsheet" },
	{ "application/vnd.oasis.opendocument.presentation", "odp", MEDIA_DOCUMENT, "", "application/vnd.oasis.opendocument.presentation" },
	{ "text/plain", "txt", MEDIA_DOCUMENT, "", "text/plain" },
	{ "text/csv", "csv", MEDIA_DOCUMENT, "", "text/csv" },
};
/* clang-format on */
const size_t media_document_type_count = ARRAY_LEN(media_document_types);

static const struct media_type *by_extension(const char *extension)
{
	return media_type_by_extension(str_of(extension));
}

/* --- PDF --- */

/* ISO 32000-2 sections 7.5.2 and 7.5.5: a header at once, the mark of the end near the end. */
static bool is_pdf(struct str bytes)
{
	if (!str_has_prefix(bytes, STR("%PDF-1.")) && !str_has_prefix(bytes, STR("%PDF-2.")))
		return false;
	size_t behind = bytes.len > PDF_END_BYTES ? bytes.len - PDF_END_BYTES : 0;
	return str_contains(str_skip(bytes, behind), STR("%%EOF"));
}

/* --- what is packed in a ZIP file --- */

static size_t le(struct str s, size_t at, unsigned count)
{
	size_t n = 0;
	for (unsigned i = count; i-- > 0;)
		n = n << 8 | (unsigned char)s.ptr[at + i];
	return n;
}

/* Where its end record is; bytes.len when there is none. It is the last thing in the file. */
static size_t zip_end(struct str bytes)
{
	if (bytes.len < ZIP_END_SIZE || !str_has_prefix(bytes, STR("PK\3\4")))
		return bytes.len;
	size_t last = bytes.len - ZIP_END_SIZE;
	for (size_t back = 0; back <= last && back <= ZIP_COMMENT_MAX; back++) {
		size_t at = last - back;
		if (str_has_prefix(str_skip(bytes, at), STR("PK\5\6")) &&
		    le(bytes, at + 20, 2) == back)
			return at;
	}
	return bytes.len;
}

struct zip {
	struct str bytes;
	size_t at, end; /* in its directory */
	bool damaged;
};

/* False when it is none, or one that is spread over volumes, or larger than a document is. */
static bool zip_open(struct zip *zip, struct str bytes)
{
	size_t end = zip_end(bytes);
	*zip = (struct zip){ .bytes = bytes };
	if (end == bytes.len)
		return false;
	size_t entries = le(bytes, end + 10, 2), size = le(bytes, end + 12, 4);
	zip->at = le(bytes, end + 16, 4);
	zip->end = zip->at + size;
	return le(bytes, end + 4, 4) == 0 && entries <= ZIP_ENTRIES_MAX && zip->end == end;
}

/* The name of the next entry; absent at the end. */
static struct str zip_next(struct zip *zip)
{
	if (zip->at == zip->end)
		return STR_NONE;
	struct str head = str_take(str_skip(zip->bytes, zip->at), zip->end - zip->at);
	zip->damaged = true;
	if (head.len < ZIP_HEAD_SIZE || !str_has_prefix(head, STR("PK\1\2")))
		return STR_NONE;
	size_t name = le(head, 28, 2), rest = le(head, 30, 2) + le(head, 32, 2);
	if (head.len - ZIP_HEAD_SIZE < name + rest)
		return STR_NONE;
	zip->damaged = false;
	zip->at += ZIP_HEAD_SIZE + name + rest;
	return str_take(str_skip(head, ZIP_HEAD_SIZE), name);
}

/* ECMA-376 part 2: a package with its types and the part that makes it what it is; none with macros. */
static const struct media_type *sniff_ooxml(struct str bytes)
{
	const struct media_type *found = NULL;
	bool typed = false;
	struct zip zip;
	struct str name;
	if (!zip_open(&zip, bytes))
		return NULL;
	while ((name = zip_next(&zip)).ptr != NULL) {
		if (str_has_suffix(name, STR("vbaProject.bin")))
			return NULL;
		typed = typed || str_eq(name, STR("[Content_Types].xml"));
		for (size_t i = 0; i < media_document_type_count; i++) {
			if (media_document_types[i].reader[0] != '\0' &&
			    str_eq(name, str_of(media_document_types[i].reader)))
				found = &media_document_types[i];
		}
	}
	return typed && !zip.damaged ? found : NULL;
}

/* OpenDocument 1.3 part 2 section 3.3: its first entry says what it is, and is not packed. */
static const struct media_type *sniff_odf(struct str bytes)
{
	struct zip zip;
	bool whole = false;
	struct str name;
	if (!zip_open(&zip, bytes) || bytes.len < ZIP_LOCAL_SIZE + 8 || le(bytes, 8, 2) != 0 ||
	    le(bytes, 26, 2) != 8 ||
	    !str_eq(str_take(str_skip(bytes, ZIP_LOCAL_SIZE), 8), STR("mimetype")))
		return NULL;
	struct str says = str_skip(bytes, ZIP_LOCAL_SIZE + 8 + le(bytes, 28, 2));
	says = str_take(says, le(bytes, 22, 4));
	while ((name = zip_next(&zip)).ptr != NULL)
		whole = whole || str_eq(name, STR("content.xml"));
	const struct media_type *type = whole && !zip.damaged ? media_type_by_name(says) : NULL;
	return type != NULL && type->kind == MEDIA_DOCUMENT ? type : NULL;
}

/* --- text --- */

/*
 * Text has no mark of what it is: it is what could be nothing else. What begins like a page or a picture
 * of markup is neither (WHATWG MIME Sniffing section 7.1, in case somebody looks).
 */
static bool is_text(struct str bytes)
{
	if (bytes.len == 0 || !utf8_valid(bytes))
		return false;
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.ptr[i];
		if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || c == 0x7f)
			return false;
	}
	struct str text = str_has_prefix(bytes, STR("\xef\xbb\xbf")) ? str_skip(bytes, 3) : bytes;
	text = str_trim(text);
	return text.len != 0 && text.ptr[0] != '<' && !str_has_prefix(text, STR("#!")) &&
	       !str_has_prefix(text, STR("%PDF")) && !str_has_prefix(text, STR("%!PS"));
}

/* How often a line has the character outside of quotes (RFC 4180 section 2). */
static size_t fields_of(struct str line, char between)
{
	bool quoted = false;
	size_t n = 0;
	for (size_t i = 0; i < line.len; i++) {
		if (line.ptr[i] == '"')
			quoted = !quoted;
		n += line.ptr[i] == between && !quoted;
	}
	return quoted ? 0 : n;
}

/* Two lines at least, none of them blank, all with as many fields. */
static bool is_table(struct str text, char between)
{
	size_t fields = 0, lines = 0;
	while (text.len != 0 && lines < CSV_LINES_LOOKED_AT) {
		struct str line;
		str_split(text, '\n', &line, &text);
		size_t n = fields_of(line, between);
		if (n == 0 || (lines != 0 && n != fields))
			return false;
		fields = n;
		lines++;
	}
	return lines > 1;
}

static const struct media_type *sniff_text(struct str bytes)
{
	if (!is_text(bytes))
		return NULL;
	bool table = is_table(bytes, ',') || is_table(bytes, ';') || is_table(bytes, '\t');
	return by_extension(table ? "csv" : "txt");
}

/* --- all of them --- */

const struct media_type *media_document_sniff(struct str bytes)
{
	if (media_sniff(bytes) != NULL)
		return NULL;
	if (is_pdf(bytes))
		return by_extension("pdf");
	const struct media_type *type = sniff_odf(bytes);
	if (type == NULL)
		type = sniff_ooxml(bytes);
	return type != NULL ? type : sniff_text(bytes);
}

bool media_document_may_be(const struct media_type *type, struct str first)
{
	bool packed = str_has_prefix(first, STR("PK\3\4"));
	bool pdf = str_has_prefix(first, STR("%PDF-"));
	if (type->kind != MEDIA_DOCUMENT || media_sniff(first) != NULL)
		return false;
	if (str_eq(str_of(type->extension), STR("pdf")))
		return pdf;
	if (str_has_prefix(str_of(type->name), STR("text/")))
		return !packed && !pdf && first.len != 0 && first.ptr[0] != '<';
	return packed;
}
