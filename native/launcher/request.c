#include "request.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "monotonic.h"
#include "plain.h"
#include "say.h"
#include "settings.h"
#include "wire.h"

extern char **environ;

/* Strings with their NULs. */
struct strings {
    size_t count, size;
};

static struct strings measure(char **list) {
    struct strings strings = {0};
    for (; list[strings.count]; strings.count++)
        strings.size += strlen(list[strings.count]) + 1;
    return strings;
}

static char *write_strings(char *to, char **list) {
    for (; *list; list++)
        to = stpcpy(to, *list) + 1;
    return to;
}

static char *write_number(char *to, uint32_t number) {
    uint32_t big = htonl(number);
    memcpy(to, &big, sizeof big);
    return to + sizeof big;
}

static void collect_descriptors(const struct call *call, struct request *request) {
    size_t n = 0;
    for (int fd = 0; fd < 3; fd++)
        request->descriptors[n++] = fd;
    for (size_t i = 0; i < call->descriptors.extra_count; i++)
        request->descriptors[n++] = call->descriptors.extra[i];
    request->descriptor_count = n;
}

/* A directory that may not be searched is not found as ".". One that cannot be opened at all does not travel:
 * the executor keeps its own, which is the same by the ident, but for -C. */
static bool add_directory(struct call *call, struct request *request) {
    int directory = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) directory = open("/proc/self/cwd", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0 && call->options.any_directory)
        run_plainly(call, "its directory cannot be opened: %s", strerror(errno));
    if (directory < 0) return false;
    request->descriptors[request->descriptor_count++] = directory;
    return true;
}

mode_t read_umask(void) {
    mode_t mask = umask(077);
    umask(mask);
    return mask;
}

static void write_header(const struct call *call, const struct request *request, struct strings environment,
                         struct strings arguments) {
    struct pfi_request_header header = {
        .version = PFI_REQUEST_NODE1,
        .descriptor_count = htons((uint16_t)request->descriptor_count),
        .body_size = htonl((uint32_t)(request->size - sizeof header)),
        .env_count = htonl((uint32_t)environment.count),
        .arg_count = htonl((uint32_t)arguments.count),
        .umask = htonl(read_umask()),
    };
    for (int i = 0; i < PFI_LIMITS; i++) /* all ones for no limit: what RLIM_INFINITY is on Linux */
        header.soft_limits[i] = htobe64(call->limits[i].rlim_cur);
    memcpy(request->bytes, &header, sizeof header);
}

static char *write_targets(char *to, const struct request *request, bool with_directory) {
    size_t files = request->descriptor_count - with_directory;
    for (size_t i = 0; i < files; i++)
        to = write_number(to, (uint32_t)request->descriptors[i]);
    return with_directory ? write_number(to, PFI_TARGET_CWD) : to;
}

void prepare_request(struct call *call, struct request *request) {
    if (request->bytes) return;
    struct strings environment = measure(environ), arguments = measure(call->options.arguments);
    collect_descriptors(call, request);
    bool with_directory = add_directory(call, request);
    size_t body = request->descriptor_count * sizeof(uint32_t) + environment.size + arguments.size;
    if (body > PFI_REQUEST_MAX) run_plainly(call, "its arguments and environment are too long to be passed");
    request->size = sizeof(struct pfi_request_header) + body;
    request->bytes = malloc(request->size);
    if (!request->bytes) run_plainly_this_time(call, "no memory for its arguments and environment");
    write_header(call, request, environment, arguments);
    char *to = write_targets(request->bytes + sizeof(struct pfi_request_header), request, with_directory);
    write_strings(write_strings(to, environ), call->options.arguments);
}

static bool send_extended(const struct conversation *conversation, const struct request *request) {
    return send_with_descriptors(conversation->fd, request->bytes, request->size, request->descriptors,
                                 request->descriptor_count, monotonic_ms() + waiting_limit());
}

/* Interpreter and script come before the arguments: the original's launcher sends them, and its library
 * expects it. */
static char *write_version_1(const struct call *call, size_t *total) {
    char *front[] = {call->options.interpreter, call->options.script, NULL};
    size_t size = measure(environ).size + 1 + measure(front).size + measure(call->options.arguments).size;
    char *body = malloc(sizeof(uint32_t) + size);
    if (!body) return NULL;
    char *to = write_strings(write_number(body, (uint32_t)size), environ);
    *to++ = '\0';
    write_strings(write_strings(to, front), call->options.arguments);
    *total = sizeof(uint32_t) + size;
    return body;
}

static bool send_version_1(const struct call *call, const struct conversation *conversation) {
    const char version = PFI_REQUEST_V1;
    size_t size;
    char *body = write_version_1(call, &size);
    int64_t until_ms = monotonic_ms() + waiting_limit();
    bool sent = body && send_in_time(conversation->fd, &version, 1, until_ms);
    for (int fd = 0; sent && fd < 3; fd++)
        sent = send_with_descriptors(conversation->fd, "", 1, &fd, 1, until_ms);
    sent = sent && send_in_time(conversation->fd, body, size, until_ms);
    free(body);
    return sent;
}

bool send_request(const struct call *call, const struct conversation *conversation,
                  const struct request *request) {
    return conversation->extended ? send_extended(conversation, request) : send_version_1(call, conversation);
}
