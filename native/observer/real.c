#include "real.h"
#include <dlfcn.h>

struct real_functions real;

void real_resolve(void) {
    void *found;
#define REAL_RESOLVE(result, name, parameters)                                                               \
    found = dlsym(RTLD_NEXT, #name);                                                                         \
    __atomic_store((void **)&real.name, &found, __ATOMIC_RELEASE);
    REAL_FUNCTIONS(REAL_RESOLVE)
#undef REAL_RESOLVE
}
