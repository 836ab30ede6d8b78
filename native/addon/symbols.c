#include "symbols.h"
#include <dlfcn.h>
#include <stdio.h>

#include "symbol_size.h"

#define TASK "St10unique_ptrIN2v84TaskESt14default_deleteIS3_EE"
#define TASK_AFTER_PRIORITY "St10unique_ptrINS1_4TaskESt14default_deleteIS4_EE"
#define COLLECTION "EPFvPS0_NS_6GCTypeENS_15GCCallbackFlagsEE"
#define TRACING "_ZN2v88platform7tracing17TracingController"
#define PLATFORM_VTABLE "_ZTVN4node12NodePlatformE"
#define TRACING_VTABLE "_ZTVN4node7tracing17TracingControllerE"
#define LOCATION "RKNS1_14SourceLocationE"

struct node_symbols node;

static const struct wanted {
    const char *name;
    void *slot;
} always[] = {
    {"_ZN2v87Isolate10GetCurrentEv", &node.current_isolate},
    {"_ZN2v87Isolate17GetCurrentContextEv", &node.current_context},
    {"_ZN2v87Isolate28AddBeforeCallEnteredCallbackEPFvPS0_E", &node.add_before_call_entered},
    {"_ZN4node21GetCurrentEnvironmentEN2v85LocalINS0_7ContextEEE", &node.current_environment},
    {"_ZN4node23GetMultiIsolatePlatformEPNS_11EnvironmentE", &node.platform_of},
    {"_ZN4node6AtExitEPNS_11EnvironmentEPFvPvES2_", &node.at_exit},
    {"_ZN4node9RunAtExitEPNS_11EnvironmentE", &node.run_at_exit},
    {"_ZN4node21SetProcessExitHandlerEPNS_11EnvironmentEOSt8functionIFvS1_iEE",
     &node.set_process_exit_handler},
    {"_ZN4node4StopEPNS_11EnvironmentENS_9StopFlags5FlagsE", &node.stop},
    {"_ZN4node11Environment24stop_sub_worker_contextsEv", &node.stop_sub_workers},
    {"_ZN4node12NodePlatform21NumberOfWorkerThreadsEv", &node.number_of_workers},
    {"_ZN4node12NodePlatform20FlushForegroundTasksEPN2v87IsolateE", &node.flush_foreground},
    {"_ZN4node12NodePlatform10DrainTasksEPN2v87IsolateE", &node.drain},
    {PLATFORM_VTABLE, &node.platform_vtable},
    {"uv_loop_fork", &node.loop_fork},
    {"uv_now", &node.loop_now},
    {"uv_walk", &node.walk},
    {"uv_handle_get_type", &node.handle_type},
    {"uv_handle_size", &node.handle_size},
    {"uv_async_send", &node.async_send},
    {"uv_library_shutdown", &node.library_shutdown},
    {"uv_tty_reset_mode", &node.tty_reset_mode},
    {"uv_set_process_title", &node.set_process_title},
    {"uv_queue_work", &node.queue_work},
};

static const struct wanted sometimes[] = {
    {"_ZN4node12NodePlatform18CallOnWorkerThreadE" TASK, &node.call_on_worker},
    {"_ZN4node12NodePlatform25CallDelayedOnWorkerThreadE" TASK "d", &node.call_delayed_on_worker},
    {"_ZN4node12NodePlatform26PostTaskOnWorkerThreadImplEN2v812TaskPriorityE" TASK_AFTER_PRIORITY LOCATION,
     &node.post_on_worker},
    {"_ZN4node12NodePlatform33PostDelayedTaskOnWorkerThreadImplEN2v812TaskPriorityE" TASK_AFTER_PRIORITY
     "d" LOCATION,
     &node.post_delayed_on_worker},
    {"_ZN2v86Object18GetCreationContextEv", &node.creation_context},
    {"_ZN2v87Isolate34RequestGarbageCollectionForTestingENS0_21GarbageCollectionTypeE",
     &node.request_collection},
    {"_ZN4node11Environment12GetNowUint64Ev", &node.timer_now},
    {"_ZN4node11per_process15node_start_timeE", &node.start_time},
    {"_ZN4node11performance25performance_process_startE", &node.process_start},
    {"_ZN4node11performance35performance_process_start_timestampE", &node.process_start_timestamp},
    {"_ZN4node12NodePlatformD1Ev", &node.destroy_platform},
    {"_ZN4node12NodePlatformD0Ev", &node.delete_platform},
    {"_ZN2v87Isolate9InContextEv", &node.in_context},
    {"_ZN2v810StackTrace17CurrentStackTraceEPNS_7IsolateEiNS0_17StackTraceOptionsE", &node.stack_trace},
    {"_ZNK2v810StackTrace13GetFrameCountEv", &node.stack_frames},
    {"_ZNK2v810StackTrace8GetFrameEPNS_7IsolateEj", &node.stack_frame},
    {"_ZNK2v810StackFrame13GetScriptNameEv", &node.frame_name},
    {"_ZNK2v810StackFrame11GetLocationEv", &node.frame_location},
    {"_ZN2v812api_internal18GlobalizeReferenceEPNS_8internal7IsolateEm", &node.make_global},
    {"_ZN2v812api_internal18GlobalizeReferenceEPNS_8internal7IsolateEPm", &node.make_global_of},
    {"_ZN2v812api_internal13DisposeGlobalEPm", &node.dispose_global},
    {"_ZN2v87Isolate21AddGCPrologueCallback" COLLECTION "S2_", &node.before_collection},
    {"_ZN2v87Isolate21AddGCEpilogueCallback" COLLECTION "S2_", &node.after_collection},
    {"_ZN2v87Isolate24RemoveGCPrologueCallback" COLLECTION, &node.not_before_collection},
    {"_ZN2v87Isolate24RemoveGCEpilogueCallback" COLLECTION, &node.not_after_collection},
    {"_ZN4node20GetTracingControllerEv", &node.tracing_controller},
    {TRACING_VTABLE, &node.tracing_vtable},
    {TRACING "20GetCategoryGroupNameEPKh", &node.trace_category_name},
    {TRACING "23GetCategoryGroupEnabledEPKc", &node.trace_category},
    {TRACING
     "13AddTraceEventEcPKhPKcS6_mmiPS6_S4_PKmPSt10unique_ptrINS_24ConvertableToTraceFormatESt14default_"
     "deleteISB_EEj",
     &node.add_trace_event},
    {"_ZN4node29AsyncHooksGetExecutionAsyncIdEPN2v87IsolateE", &node.execution_async_id},
};

static void *look_up(const struct wanted *wanted) {
    void *address = dlsym(RTLD_DEFAULT, wanted->name);
    *(void **)wanted->slot = address;
    return address;
}

const char *symbols_resolve(void) {
    static char reason[256];
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        if (!look_up(&always[i])) {
            snprintf(reason, sizeof reason, "this Node has no symbol %s", always[i].name);
            return reason;
        }
    for (size_t i = 0; i < sizeof sometimes / sizeof *sometimes; i++)
        look_up(&sometimes[i]);
    if (!node.call_on_worker == !node.post_on_worker)
        return "this Node's platform takes worker tasks in an unknown way";
    if (!node.call_delayed_on_worker == !node.post_delayed_on_worker)
        return "this Node's platform takes delayed worker tasks in an unknown way";
    node.platform_vtable_size = symbol_size(PLATFORM_VTABLE, node.platform_vtable);
    if (node.tracing_vtable) node.tracing_vtable_size = symbol_size(TRACING_VTABLE, node.tracing_vtable);
    if (node.platform_vtable_size < 4 * sizeof(void *))
        return "the size of Node's platform vtable is not known";
    return NULL;
}
