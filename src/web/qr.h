/* QR codes (ISO/IEC 18004) as pictures in a page. Pure; libqrencode does the code. */
#ifndef FF_WEB_QR_H
#define FF_WEB_QR_H

#include "core/buf.h"
#include "core/rc.h"
#include "core/str.h"

/*
 * Appends text as a QR code, error correction M, as one <svg> with an accessible name: black on
 * white whatever the colours of the page, since readers want it so, with the quiet zone of four
 * modules that the standard asks for. It has no style and no script, so that it stands under a
 * Content-Security-Policy that allows neither.
 * RC_INVALID: the text is too long for a code, or has a NUL. RC_NO_MEMORY. Then nothing is appended.
 */
enum rc qr_add_svg(struct buf *out, struct str text, struct str name) NODISCARD;

#endif
