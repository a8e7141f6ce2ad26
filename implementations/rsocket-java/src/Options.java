import io.rsocket.core.LeaseSpec;
import io.rsocket.core.Resume;
import io.rsocket.lease.Lease;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import weir.kit.Settings;

/** What clients and servers of the library are told alike. {@code fragment} of the library counts the three bytes of the length before a frame. */
record Options(Settings settings) {
    boolean resumes() {
        return Boolean.TRUE.equals(settings.options().get("resume"));
    }

    Resume resume() {
        return new Resume().sessionDuration(ms("resumeExpiryMs"));
    }

    void fragmentSize(Consumer<Integer> then) {
        number("fragmentSize", size -> then.accept(size + 3));
    }

    /** Grants so many requests, once. */
    void lease(Consumer<Consumer<LeaseSpec>> then) {
        number("leaseRequests", n -> then.accept(lease -> lease.sender(() -> Flux.just(Lease.create(ms("leaseTtlMs"), n)))));
    }

    Duration ms(String timer) {
        return Duration.ofMillis(Math.round(settings.timers().get(timer)));
    }

    private void number(String option, Consumer<Integer> then) {
        if (settings.options().get(option) instanceof Double number) then.accept(number.intValue());
    }
}
