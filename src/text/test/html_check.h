/* An independent reading of sanitised HTML, by a tiny tokenizer of its own; for tests and fuzzing.
 */
#ifndef FF_TEXT_TEST_HTML_CHECK_H
#define FF_TEXT_TEST_HTML_CHECK_H

#include "core/str.h"

/* What is wrong with it; NULL when nothing but allowed tags and attributes, balanced, quoted and
 * escaped, appears. */
const char *html_check(struct str markup);

#endif
