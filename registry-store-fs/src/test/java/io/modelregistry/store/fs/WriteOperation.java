package io.modelregistry.store.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.Environment;
import io.modelregistry.Model;
import io.modelregistry.Version;
import io.modelregistry.environment.Promotion;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.version.Evaluation;
import io.modelregistry.version.Metric;
import io.modelregistry.version.Registration;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Every public call that changes a registry: what has to be there before, the call, how often its change stands, and what repeating
 * it means.
 */
enum WriteOperation {
    INITIALISE("") {
        @Override
        void perform(Client client, String model) {
            client.registry();
        }
    },
    DOCTOR("") {
        @Override
        void perform(Client client, String model) {
            client.registry().doctor();
        }
    },
    REGISTER("register") {
        @Override
        void perform(Client client, String model) {
            client.registry()
                    .model(model)
                    .register(Registration.empty()
                            .file("weights.bin", bytes(model, 20_000))
                            .file("labels.txt", bytes(model + " labels", 300))
                            .label(LABEL)
                            .reason(REASON)
                            .request(model + "/registered"));
        }

        @Override
        void assertDone(Client client, String model) {
            super.assertDone(client, model);
            Version labelled = client.registry().version(model + "@" + LABEL);
            assertThat(labelled.id().number()).isEqualTo(1);
            assertThat(labelled.files()).hasSize(2);
        }
    },
    REGISTER_NEXT("register") {
        @Override
        void prepare(Client client, String model) {
            registerPlainly(client, model);
        }

        @Override
        void perform(Client client, String model) {
            client.registry()
                    .model(model)
                    .register(Registration.empty()
                            .file("weights.bin", bytes(model, 100))
                            .file("added.txt", bytes("added", 300))
                            .reason(REASON)
                            .request(model + "/next"));
        }
    },
    EVALUATE("evaluate") {
        @Override
        void prepare(Client client, String model) {
            registerPlainly(client, model);
        }

        @Override
        void perform(Client client, String model) {
            first(client, model)
                    .evaluate(Evaluation.of(REASON, Metric.higherIsBetter("auc", 0.875))
                            .request(model + "/evaluated"));
        }
    },
    SUBMIT("submit") {
        @Override
        void prepare(Client client, String model) {
            registerPlainly(client, model);
        }

        @Override
        void perform(Client client, String model) {
            first(client, model).submit(REASON);
        }
    },
    APPROVE("approve") {
        @Override
        void prepare(Client client, String model) {
            registerPlainly(client, model);
            first(client, model).submit("ready");
        }

        @Override
        void perform(Client client, String model) {
            first(client, model).approve(REASON);
        }
    },
    REJECT("reject") {
        @Override
        void prepare(Client client, String model) {
            APPROVE.prepare(client, model);
        }

        @Override
        void perform(Client client, String model) {
            first(client, model).reject(REASON);
        }
    },
    DEPRECATE("deprecate") {
        @Override
        void prepare(Client client, String model) {
            APPROVE.prepare(client, model);
            first(client, model).approve("good");
        }

        @Override
        void perform(Client client, String model) {
            first(client, model).deprecate(REASON);
        }
    },
    REINSTATE("reinstate") {
        @Override
        void prepare(Client client, String model) {
            DEPRECATE.prepare(client, model);
            first(client, model).deprecate("old");
        }

        @Override
        void perform(Client client, String model) {
            first(client, model).reinstate(REASON);
        }
    },
    RETIRE("finish-retirement") {
        @Override
        void prepare(Client client, String model) {
            WITHDRAW.prepare(client, model);
            production(client, model).withdraw("no longer needed");
        }

        @Override
        void perform(Client client, String model) {
            first(client, model).retire(REASON);
        }

        @Override
        void assertDone(Client client, String model) {
            super.assertDone(client, model);
            assertThat(count(client, model, "begin-retirement")).isEqualTo(1);
            assertThat(first(client, model).state()).isEqualTo(LifecycleState.RETIRED);
        }
    },
    PROMOTE("promote") {
        @Override
        void prepare(Client client, String model) {
            registerPlainly(client, model);
        }

        @Override
        void perform(Client client, String model) {
            production(client, model).promote(Promotion.of(1, REASON).request(model + "/promoted"));
        }

        @Override
        void assertDone(Client client, String model) {
            super.assertDone(client, model);
            assertServes(client, model, 1);
        }
    },
    ROLL_BACK("roll-back") {
        @Override
        void prepare(Client client, String model) {
            registerPlainly(client, model);
            registerPlainly(client, model);
            production(client, model).promote(1, "first");
            production(client, model).promote(2, "second");
        }

        @Override
        void perform(Client client, String model) {
            production(client, model).rollback(REASON);
        }

        @Override
        void assertDone(Client client, String model) {
            super.assertDone(client, model);
            assertServes(client, model, 1);
        }
    },
    WITHDRAW("withdraw") {
        @Override
        void prepare(Client client, String model) {
            registerPlainly(client, model);
            production(client, model).promote(1, "first");
        }

        @Override
        void perform(Client client, String model) {
            production(client, model).withdraw(REASON);
        }
    };

    static final String REASON = "the change that is watched";
    private static final String LABEL = "1.4.0";

    /** The change's type in the audit trail; empty when it leaves no entry. */
    private final String change;

    WriteOperation(String change) {
        this.change = change;
    }

    /** Brings a model to where the operation is legal. */
    void prepare(Client client, String model) {
        client.registry();
    }

    abstract void perform(Client client, String model);

    boolean needsRegistry() {
        return this != INITIALISE;
    }

    /** The calls that are worth disturbing. The proof of put-if-absent makes ten equal rounds: of those, the first and the last. */
    List<Strace.Call> different(List<Strace.Call> calls) {
        if (this != INITIALISE && this != DOCTOR) {
            return calls;
        }
        int round = calls.size() / 10;
        List<Strace.Call> different = new ArrayList<>(calls.subList(0, 2 * round));
        different.addAll(calls.subList(calls.size() - 2 * round, calls.size()));
        return different;
    }

    /** How many entries the operation left, finished or not. */
    long traces(Client client, String model) {
        if (change.isEmpty()) {
            return 0; // a client that looked would make the registry
        }
        return client.registry().model(model).history().stream()
                .filter(event -> event.reason().equals(REASON))
                .count();
    }

    /** How often the change stands. */
    long standing(Client client, String model) {
        return change.isEmpty() ? 0 : count(client, model, change);
    }

    /** What a client does that doesn't know how its call ended: the same again, or, where a call takes no request id, a look first. */
    void repeat(Client client, String model) {
        boolean hasRequestId = this == REGISTER || this == REGISTER_NEXT || this == EVALUATE || this == PROMOTE;
        if (hasRequestId || standing(client, model) == 0) {
            perform(client, model);
        }
    }

    /** The change stands once, and whole. */
    void assertDone(Client client, String model) {
        if (!change.isEmpty()) {
            assertThat(standing(client, model))
                    .as("times that %s of %s stands", this, model)
                    .isEqualTo(1);
        }
    }

    private static long count(Client client, String model, String change) {
        return client.registry().model(model).history().stream()
                .filter(event -> event.what().equals(change) && event.reason().equals(REASON))
                .count();
    }

    private static void registerPlainly(Client client, String model) {
        Model handle = client.registry().model(model);
        handle.register(Registration.empty().file("weights.bin", bytes(model, 100)));
    }

    private static Version first(Client client, String model) {
        return client.registry().model(model).version(1);
    }

    private static Environment production(Client client, String model) {
        return client.registry().model(model).environment("production");
    }

    private static void assertServes(Client client, String model, long version) {
        assertThat(production(client, model)
                        .current()
                        .orElseThrow()
                        .rollout()
                        .orElseThrow()
                        .single())
                .hasValue(version);
    }

    private static byte[] bytes(String text, int size) {
        return (text + " ").repeat(size).substring(0, size).getBytes(StandardCharsets.UTF_8);
    }
}
