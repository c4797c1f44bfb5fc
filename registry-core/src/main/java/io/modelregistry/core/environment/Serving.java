package io.modelregistry.core.environment;

import io.modelregistry.NotFoundException;
import io.modelregistry.RegistryException;
import io.modelregistry.VersionId;
import io.modelregistry.core.log.StoredEntry;
import io.modelregistry.environment.Arm;
import io.modelregistry.environment.Deployment;
import io.modelregistry.environment.Receipt;
import io.modelregistry.environment.Resolution;
import io.modelregistry.environment.Rollout;
import io.modelregistry.environment.Router;
import io.modelregistry.environment.Routing;
import io.modelregistry.version.ModelVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One change of an environment, read so that choosing who answers takes next to nothing. Thread-safe. */
final class Serving {
    private final String registry;
    private final Place place;
    private final Deployment deployment;
    private final Function<VersionId, ModelVersion> versions;
    /** As decided, and after each scheduled step. */
    private final List<Phase> phases;

    /**
     * @param registry its id
     * @param newest the environment's newest entry; null when there is none
     * @param versions finds a version that stands
     * @throws NotFoundException when nothing is served
     */
    Serving(String registry, Place place, @Nullable StoredEntry newest, Function<VersionId, ModelVersion> versions) {
        if (newest == null) {
            throw nothing(place, "nothing was ever promoted there");
        }
        this.registry = registry;
        this.place = place;
        this.versions = versions;
        this.deployment = Deployments.of(newest);
        Rollout rollout = deployment
                .rollout()
                .orElseThrow(() -> nothing(
                        place, "what it served was withdrawn by " + deployment.actor() + " at " + deployment.at()));
        List<Phase> all = new ArrayList<>();
        all.add(new Phase(rollout, 0));
        for (int step = 0; step < rollout.steps().size(); step++) {
            Instant at = rollout.steps().get(step).at();
            if (at != null) {
                all.add(new Phase(rollout.at(at), step + 1));
            }
        }
        this.phases = List.copyOf(all);
        if (rollout.arms().size() > 1) {
            prepare(phases.get(0), rollout.arms().size());
        }
    }

    /** All versions are looked up while the store answers: it may not when the first key of an arm comes. */
    private static void prepare(Phase phase, int arms) {
        for (int arm = 0; arm < arms; arm++) {
            try {
                phase.answer(arm);
            } catch (RegistryException e) {
                // whoever needs it is told; the others are answered
            }
        }
    }

    /**
     * @param instant decides which scheduled steps were taken
     * @param age how long ago the store confirmed the change
     */
    Resolution resolve(Routing routing, Instant instant, Duration age) {
        Phase phase = phases.size() == 1
                ? phases.get(0)
                : phases.get(deployment.rollout().orElseThrow().stepsDue(instant));
        Answer answer = phase.answer(phase.router.index(routing));
        return new Resolution(answer.version, deployment, age, answer.receipt, phase.shadows());
    }

    /** What an arm answers with. */
    private record Answer(ModelVersion version, Receipt receipt) {}

    private final class Phase {
        private final Rollout rollout;
        private final Router router;
        private final int step;
        private final AtomicReferenceArray<@Nullable Answer> answers;
        private volatile @Nullable List<Resolution.Shadow> shadows;

        Phase(Rollout rollout, int step) {
            this.rollout = rollout;
            this.router = Router.of(place.model(), rollout);
            this.step = step;
            this.answers = new AtomicReferenceArray<>(rollout.arms().size());
        }

        Answer answer(int index) {
            Answer known = answers.get(index);
            if (known != null) {
                return known;
            }
            Arm arm = rollout.arms().get(index);
            ModelVersion version = versions.apply(new VersionId(place.model(), arm.version()));
            Receipt receipt = Receipt.of(registry, version, place.environment(), deployment, arm.id(), step);
            Answer answer = new Answer(version, receipt);
            answers.set(index, answer);
            return answer;
        }

        List<Resolution.Shadow> shadows() {
            List<Resolution.Shadow> known = shadows;
            if (known == null) {
                List<Resolution.Shadow> found = new ArrayList<>();
                for (int i = 0; i < rollout.arms().size(); i++) {
                    if (rollout.arms().get(i).mode() == Arm.Mode.SHADOW) {
                        Answer answer = answer(i);
                        found.add(new Resolution.Shadow(answer.version, answer.receipt));
                    }
                }
                known = List.copyOf(found);
                shadows = known;
            }
            return known;
        }
    }

    private static NotFoundException nothing(Place place, String why) {
        return new NotFoundException(place + " serves nothing: " + why + ". Promote a version with environment(\""
                + place.environment() + "\").promote(number, reason)");
    }
}
