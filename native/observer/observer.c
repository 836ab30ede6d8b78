/*
 * The observer is preloaded into setup and notes what initialisation looks at: files, names looked for in
 * vain, environment variables, the directory, whether a descriptor is a terminal. Hooks in JavaScript miss
 * half of it.
 */
#include "real.h"

#include "asker.h"
#include "next.h"
#include "notes.h"
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool observer_is_in_node;

static char *variable(const char *name) {
    size_t length = strlen(name);

    for (char **entry = environ; entry && *entry; entry++)
        if (!strncmp(*entry, name, length) && (*entry)[length] == '=') return *entry + length + 1;
    return NULL;
}

/*
 * So that no child of initialisation has the observer, it leaves the environment before main runs. Only Node
 * does this: `node` can be a version manager's shell script, which must hand it on to the real one; what such
 * a script looks at is noted too.
 */
static void leave_environment(void) {
    Dl_info self;
    char *preload = variable("LD_PRELOAD");

    if (preload && observer_is_in_node && dladdr((void *)&pfi_observer_notes, &self) &&
        !strcmp(preload, self.dli_fname))
        unsetenv("LD_PRELOAD");
}

/* The pid in the item node1:PID, or 0. Items end at commas and at the space before the second word. */
static long launched_pid(const char *items) {
    static const char extension[] = PFI_EXTENSION ":";

    for (const char *item = items; *item; item++) {
        if (!strncmp(item, extension, sizeof extension - 1))
            return strtol(item + sizeof extension - 1, NULL, 10);
        item += strcspn(item, ", ");
        if (*item != ',') break;
    }
    return 0;
}

/* The descriptor of the notes is the fifth of the second word; -1 when there is none. */
static int notes_descriptor(const char *items) {
    const char *at = strchr(items, ' ');

    for (int i = 0; at && i < 4; i++)
        at = strpbrk(at + 1, ", ");
    return at && *at == ',' && at[1] >= '0' && at[1] <= '9' ? atoi(at + 1) : -1;
}

/* A shell takes its variables and its directory from where no function of libc is asked, and gives its own to
 * the Node that it becomes. What it starts to learn which Node that is (`$(cat .nvmrc)`) has the observer
 * too, as it leaves the environment only in Node. */
static void note_shell(void) {
    note_all_variables();
    note_cwd();
}

__attribute__((constructor)) static void observe(void) {
    const char *items = variable(PFI_VARIABLE);
    int fd;

    real_resolve();
    observer_is_in_node = dlsym(RTLD_DEFAULT, "napi_module_register") != NULL;
    leave_environment();
    if (!items) return;
    bool setup = launched_pid(items) == getpid();
    if (!setup && observer_is_in_node) return;
    fd = notes_descriptor(items);
    if (observer_is_in_node) asker_start();
    if (fd >= 0) notes_start(fd, setup);
    if (noting()) check_program();
    if (!observer_is_in_node && noting()) note_shell();
}
