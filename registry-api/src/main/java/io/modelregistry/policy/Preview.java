package io.modelregistry.policy;

import io.modelregistry.RegistryException;
import io.modelregistry.audit.AuditEvent;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a change would do, and what stands in its way. Nothing was written.
 *
 * @param changes the entries that would be written, in their order
 * @param refused what the change would end in; null when it would be made
 */
public record Preview(List<AuditEvent> changes, @Nullable RegistryException refused) {
    public Preview {
        changes = List.copyOf(changes);
    }

    /** Whether the change would be made. */
    public boolean isPossible() {
        return refused == null;
    }

    public Optional<RegistryException> refusal() {
        return Optional.ofNullable(refused);
    }

    /** Every rule that isn't met; empty also when something else stands in the way. */
    public List<UnmetRule> unmet() {
        return refused instanceof RulesUnmetException rules ? rules.unmet() : List.of();
    }

    /** A line for each entry that would be written, then what stands in the way. */
    @Override
    public String toString() {
        String would = changes.stream().map(AuditEvent::toString).collect(Collectors.joining("\n"));
        if (refused == null) {
            return would.isEmpty() ? "Nothing would change" : would;
        }
        List<UnmetRule> rules = unmet();
        String why = rules.isEmpty()
                ? refused.getMessage()
                : rules.stream().map(UnmetRule::toString).collect(Collectors.joining("\n"));
        return would.isEmpty() ? "Refused:\n" + why : would + "\nthen refused:\n" + why;
    }
}
