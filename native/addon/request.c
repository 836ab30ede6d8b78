#include "request.h"

#include <arpa/inet.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "protocol.h"
#include "wire.h"

static bool read_extended(int socket, struct call *call, int64_t until_ms);
static bool read_version_1(int socket, struct call *call, int64_t until_ms);
static bool split_strings(char *strings, size_t size, size_t env_count, struct call *call);

bool request_read(int socket, struct call *call, int64_t until_ms) {
    return call->extended ? read_extended(socket, call, until_ms) : read_version_1(socket, call, until_ms);
}

static bool read_extended(int socket, struct call *call, int64_t until_ms) {
    struct pfi_request_header header;
    size_t count = PFI_DESCRIPTORS_MAX + 1;
    if (receive_with_descriptors(socket, &header, sizeof header, call->descriptors, &count, until_ms) !=
        sizeof header)
        return false;
    size_t body_size = ntohl(header.body_size), targets_size = count * sizeof(uint32_t);
    if (header.version != PFI_REQUEST_NODE1 || ntohs(header.descriptor_count) != count) return false;
    if (body_size > PFI_REQUEST_MAX || body_size < targets_size) return false;
    char *body = malloc(body_size + 1);
    if (!body || (body_size && read_in_time(socket, body, body_size, until_ms) <= 0)) return false;
    body[body_size] = '\0';
    call->descriptor_count = count;
    for (size_t i = 0; i < count; i++) {
        uint32_t target;
        memcpy(&target, body + i * sizeof target, sizeof target);
        call->targets[i] = ntohl(target);
    }
    call->umask = ntohl(header.umask);
    for (int i = 0; i < PFI_LIMITS; i++)
        call->soft_limits[i] = be64toh(header.soft_limits[i]);
    call->argument_count = ntohl(header.arg_count);
    return split_strings(body + targets_size, body_size - targets_size, ntohl(header.env_count), call);
}

/* Version 1: a zero byte, three messages of one byte with one descriptor each, a length, strings:
 * environment, an empty string, and the arguments, in front of which the original launcher sends the
 * interpreter and the script. */
static bool read_version_1(int socket, struct call *call, int64_t until_ms) {
    char byte;
    if (read_in_time(socket, &byte, 1, until_ms) != 1 || byte != PFI_REQUEST_V1) return false;
    for (uint32_t i = 0; i < 3; i++) {
        size_t count = 1;
        if (receive_with_descriptors(socket, &byte, 1, &call->descriptors[i], &count, until_ms) != 1 ||
            count != 1)
            return false;
        call->targets[i] = i;
    }
    call->descriptor_count = 3;
    uint32_t length;
    if (read_in_time(socket, &length, sizeof length, until_ms) != sizeof length) return false;
    size_t size = ntohl(length);
    if (size == 0 || size > PFI_REQUEST_MAX) return false;
    char *body = malloc(size);
    if (!body || read_in_time(socket, body, size, until_ms) <= 0 || body[size - 1] != '\0') return false;
    size_t env_count = 0, strings = 0, at = 0;
    while (at < size && body[at] != '\0') {
        at += strlen(body + at) + 1;
        env_count++;
    }
    if (at == size) return false;
    memmove(body + at, body + at + 1, size - at - 1); /* the empty string */
    size--;
    for (size_t i = 0; i < size; i++)
        strings += body[i] == '\0';
    call->argument_count = strings - env_count;
    if (!split_strings(body, size, env_count, call)) return false;
    size_t in_front = call->argument_count < 2 ? call->argument_count : 2;
    call->arguments += in_front;
    call->argument_count -= in_front;
    return true;
}

static bool split_strings(char *strings, size_t size, size_t env_count, struct call *call) {
    size_t total = 0;
    for (size_t i = 0; i < size; i++)
        total += strings[i] == '\0';
    if (env_count > total || call->argument_count != total - env_count) return false;
    if (size && strings[size - 1] != '\0') return false;
    char **pointers = malloc((total + 2) * sizeof *pointers);
    if (!pointers) return false;
    call->environment = pointers;
    for (size_t i = 0; i < total; i++) {
        if (i == env_count) {
            *pointers++ = NULL;
            call->arguments = pointers;
        }
        *pointers++ = strings;
        strings += strlen(strings) + 1;
    }
    *pointers = NULL;
    if (env_count == total) call->arguments = pointers;
    return true;
}
