/* WebP files (RFC 9649). Pure. */
#ifndef FF_MEDIA_WEBP_H
#define FF_MEDIA_WEBP_H

#include <stddef.h>

/*
 * Takes Exif and XMP out, which libvips 8.14 writes whatever it is told. Returns the new length; 0
 * when the file is none that a writer makes.
 */
size_t webp_strip(unsigned char *bytes, size_t len);

#endif
