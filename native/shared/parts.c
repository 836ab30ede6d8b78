#include "parts.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "sha256.h"
#include "whereabouts.h"

void parts_add(struct parts *parts, const char *format, ...) {
    char line[2048];
    va_list arguments;
    va_start(arguments, format);
    int wanted = vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    size_t length = strnlen(line, sizeof line - 2);
    if (wanted < 0 || length + 1 > PARTS_MAX - parts->size) return;
    for (char *c = line; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127) *c = '?';
    line[length++] = '\n';
    memcpy(parts->text + parts->size, line, length);
    parts->size += length;
}

void parts_add_digest(struct parts *parts, const char *label, const char *name, size_t length,
                      const void *data, size_t size) {
    struct sha256 hash;
    uint8_t digest[SHA256_SIZE];
    sha256_start(&hash);
    sha256_add(&hash, data, size);
    sha256_finish(&hash, digest);
    parts_add(parts, "%s: %.*s%ssha256 %02x%02x%02x%02x", label, (int)length, name, length ? ", " : "",
              digest[0], digest[1], digest[2], digest[3]);
}

void parts_add_world(struct parts *parts, const char *label, const void *data, size_t size) {
    const char *text = data;
    uint64_t identity[2];
    if (!strcmp(label, "cwd") && size == sizeof identity) {
        memcpy(identity, data, sizeof identity);
        parts_add(parts, "cwd: device %llu, inode %llu, mount %u", (unsigned long long)device_of(identity),
                  (unsigned long long)identity[1], mount_of(identity));
    } else if (strstr(label, "terminal") || strstr(label, "umask") || strstr(label, "variable") ||
               !strncmp(label, "not", strlen("not")) || !strncmp(label, "in the", strlen("in the"))) {
        parts_add(parts, "%s: %.*s", label, (int)size, text);
    } else {
        parts_add_digest(parts, label, text, strcspn(text, "="), text, size);
    }
}
