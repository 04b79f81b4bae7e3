/*
 * The syntax of a settings file: lines that are blank, "# comment", "[section]" or "name = value".
 * Knows nothing of what the names mean. Stateless but for the parser; any thread.
 */
#include "conf_int.h"

#include "core/utf8.h"

/* What Windows editors put before the first line. */
#define BYTE_ORDER_MARK STR("\xef\xbb\xbf")

void conf_parser_init(struct conf_parser *parser, struct arena *arena, struct str text)
{
	if (str_has_prefix(text, BYTE_ORDER_MARK))
		text = str_skip(text, BYTE_ORDER_MARK.len);
	*parser = (struct conf_parser){ .arena = arena, .rest = text };
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct str skip_blanks(struct str s)
{
	while (s.len != 0 && is_blank(s.ptr[0]))
		s = str_skip(s, 1);
	return s;
}

static bool ends_here(struct str s)
{
	s = skip_blanks(s);
	return s.len == 0 || s.ptr[0] == '#';
}

/* The longest prefix that may be a name. */
static struct str name_prefix(struct str s)
{
	size_t n = 0;
	while (n < s.len &&
	       ((s.ptr[n] >= 'a' && s.ptr[n] <= 'z') || (s.ptr[n] >= 'A' && s.ptr[n] <= 'Z') ||
		(s.ptr[n] >= '0' && s.ptr[n] <= '9') || s.ptr[n] == '_' || s.ptr[n] == '-' ||
		s.ptr[n] == '.'))
		n++;
	return str_take(s, n);
}

static const char *parse_section(struct str line, struct conf_item *item)
{
	line = skip_blanks(str_skip(line, 1));
	item->kind = CONF_ITEM_SECTION;
	item->name = name_prefix(line);
	line = skip_blanks(str_skip(line, item->name.len));
	if (item->name.len == 0 || line.len == 0 || line.ptr[0] != ']' ||
	    !ends_here(str_skip(line, 1)))
		return "a section is written as [name], on a line of its own";
	return NULL;
}

/* The byte that an escape stands for; 0 when there is no such escape. */
static char escaped(char c)
{
	switch (c) {
	case '"':
	case '\\':
		return c;
	case 'n':
		return '\n';
	case 't':
		return '\t';
	default:
		return 0;
	}
}

static const char *parse_quoted(struct conf_parser *parser, struct str text, struct str *value)
{
	char *copy = arena_alloc(parser->arena, text.len);
	size_t n = 0;
	if (copy == NULL)
		return "out of memory";
	for (size_t i = 1; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '"') {
			*value = str_n(copy, n);
			return ends_here(str_skip(text, i + 1))
				       ? NULL
				       : "there is text behind the closing quote";
		}
		if (c == '\\') {
			i++;
			c = i < text.len ? escaped(text.ptr[i]) : 0;
			if (c == 0)
				return "a backslash in quotes is followed by \\, \", n or t";
		}
		copy[n++] = c;
	}
	return "the closing quote is missing";
}

/* Up to a comment, which needs a blank before it so that a value may contain '#'. */
static struct str parse_plain(struct str text)
{
	size_t n = 0;
	while (n < text.len && !(text.ptr[n] == '#' && (n == 0 || is_blank(text.ptr[n - 1]))))
		n++;
	return str_trim(str_take(text, n));
}

static const char *parse_setting(struct conf_parser *parser, struct str line,
				 struct conf_item *item)
{
	item->kind = CONF_ITEM_SETTING;
	item->name = name_prefix(line);
	line = skip_blanks(str_skip(line, item->name.len));
	if (item->name.len == 0 || line.len == 0 || line.ptr[0] != '=')
		return "a line is \"name = value\", \"[section]\" or \"# comment\"";
	line = skip_blanks(str_skip(line, 1));
	if (line.len != 0 && line.ptr[0] == '"')
		return parse_quoted(parser, line, &item->value);
	item->value = parse_plain(line);
	if (item->value.len == 0)
		return "the value is missing; an empty one is written as \"\"";
	return NULL;
}

/* What no line may contain, so that messages and values are safe to show. */
static const char *check_bytes(struct str line)
{
	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.ptr[i];
		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return "there is a control character in this line";
	}
	return utf8_valid(line) ? NULL : "this line is not valid UTF-8";
}

static const char *parse_line(struct conf_parser *parser, struct str line, struct conf_item *item)
{
	const char *problem = check_bytes(line);
	if (problem != NULL)
		return problem;
	if (line.ptr[0] == '[')
		return parse_section(line, item);
	return parse_setting(parser, line, item);
}

bool conf_parser_next(struct conf_parser *parser, struct conf_item *item)
{
	struct str line;
	while (str_next(&parser->rest, '\n', &line)) {
		parser->line++;
		if (line.len != 0 && line.ptr[line.len - 1] == '\r')
			line.len--;
		line = skip_blanks(line);
		if (ends_here(line))
			continue;
		*item = (struct conf_item){ .line = parser->line };
		item->problem = parse_line(parser, line, item);
		if (item->problem != NULL)
			item->kind = CONF_ITEM_PROBLEM;
		return true;
	}
	return false;
}
