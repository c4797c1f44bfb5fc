package io.modelregistry.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.VersionId;
import io.modelregistry.access.Role;
import io.modelregistry.lifecycle.Approval;
import io.modelregistry.lifecycle.LifecycleState;
import io.modelregistry.policy.EnvironmentRules;
import io.modelregistry.policy.MetricRule;
import io.modelregistry.policy.Policy;
import io.modelregistry.policy.ReviewRules;
import io.modelregistry.policy.Rule;
import io.modelregistry.policy.Waiver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyDocumentTest {
    private static final Policy EVERYTHING = Policy.none()
            .role(Role.REVIEWER, "u-17", "u-23")
            .role(Role.releaser("production"), "ci:release")
            .reviews(ReviewRules.none()
                    .approvals(2)
                    .byOthersThanTheRegistrant()
                    .meanings(Approval.Meaning.REVIEW, Approval.Meaning.APPROVAL)
                    .authenticatedWithin(Duration.ofMinutes(15))
                    .withPrintedNames())
            .environment(
                    "production",
                    EnvironmentRules.none()
                            .states(LifecycleState.APPROVED)
                            .servedIn("staging", Duration.ofDays(7))
                            .metric(MetricRule.atLeast("auc", 0.9)
                                    .on("held-out")
                                    .slice("sex=female"))
                            .metric(MetricRule.atMost("brier", 0.1).assessed())
                            .metric(MetricRule.noWorseThan("auc", "production")
                                    .on("held-out")
                                    .tolerating(0.01))
                            .card(EnvironmentRules.CardPart.INTENDED_USE, EnvironmentRules.CardPart.LIMITS)
                            .evaluatedOn("held-out")
                            .attestation("clinical-validation")
                            .formats("onnx", "safetensors"))
            .waive(Waiver.of(VersionId.of("tumor", 12), "production", Rule.FORMAT, "until the exporter works")
                    .until(Instant.parse("2027-01-31T00:00:00Z")));

    private static final String DOCUMENT = """
            {
              "roles" : {
                "releaser:production" : [
                  "ci:release"
                ],
                "reviewer" : [
                  "u-17",
                  "u-23"
                ]
              },
              "reviews" : {
                "approvals" : 2,
                "meanings" : [
                  "review",
                  "approval"
                ],
                "registrant" : "must-not-approve",
                "authenticatedWithin" : "PT15M",
                "printedName" : "required"
              },
              "environments" : {
                "production" : {
                  "states" : [
                    "approved"
                  ],
                  "servedIn" : [
                    {
                      "environment" : "staging",
                      "atLeast" : "PT168H"
                    }
                  ],
                  "metrics" : [
                    {
                      "metric" : "auc",
                      "dataset" : "held-out",
                      "slice" : "sex=female",
                      "atLeast" : 0.9
                    },
                    {
                      "metric" : "brier",
                      "atMost" : 0.1,
                      "source" : "evaluators"
                    },
                    {
                      "metric" : "auc",
                      "dataset" : "held-out",
                      "noWorseThan" : "production",
                      "tolerance" : 0.01
                    }
                  ],
                  "card" : [
                    "intended-use",
                    "limits"
                  ],
                  "evaluatedOn" : [
                    "held-out"
                  ],
                  "attestations" : [
                    "clinical-validation"
                  ],
                  "formats" : [
                    "onnx",
                    "safetensors"
                  ]
                }
              },
              "waivers" : [
                {
                  "version" : "tumor@12",
                  "environment" : "production",
                  "rule" : "format",
                  "reason" : "until the exporter works",
                  "until" : "2027-01-31T00:00:00Z"
                }
              ]
            }
            """;

    @Test
    void aPolicyIsWrittenForPeopleAndReadBack() {
        assertThat(PolicyStore.format(EVERYTHING)).isEqualTo(DOCUMENT);
        assertThat(PolicyStore.parse(DOCUMENT)).isEqualTo(EVERYTHING);
    }

    @Test
    void theDocumentInTheDocumentationIsThisOne() throws IOException {
        String page = Files.readString(Path.of("../docs/policy.md"));

        assertThat(page).contains("```json\n" + DOCUMENT + "```\n");
    }

    @Test
    void whatIsLeftOutAsksForNothing() {
        assertThat(PolicyStore.parse("{}")).isEqualTo(Policy.none());
        assertThat(PolicyStore.parse("{\"environments\":{\"dev\":{}}}"))
                .isEqualTo(Policy.none().environment("dev", EnvironmentRules.none()));
        assertThat(PolicyStore.parse("""
                        {"environments":{"dev":{
                          "servedIn":[{"environment":"staging"}],
                          "metrics":[{"metric":"auc","noWorseThan":"production"}]}}}"""))
                .isEqualTo(Policy.none()
                        .environment(
                                "dev",
                                EnvironmentRules.none()
                                        .servedIn("staging", Duration.ZERO)
                                        .metric(MetricRule.noWorseThan("auc", "production"))));
    }

    @Test
    void whatIsAskedOfNobodyIsNotWritten() {
        assertThat(PolicyStore.format(Policy.none())).isEqualTo("""
                {
                  "reviews" : {
                    "approvals" : 1
                  },
                  "environments" : { }
                }
                """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"enviroments":{}}                                                   | "enviroments"
            {"reviews":{"approval":2}}                                           | "approval"
            {"reviews":{"approvals":0}}                                          | not 0
            {"reviews":{"approvals":4294967298}}                                 | 2147483647
            {"reviews":{"meanings":["approve"]}}                                 | meanings "approve"
            {"reviews":{"authenticatedWithin":"15m"}}                            | PT15M
            {"roles":{"owner":["u-1"]}}                                          | role "owner"
            {"roles":{"reviewer":[]}}                                            | gives the role reviewer to nobody
            {"roles":{"reader":["u-1"]}}                                         | who is a reader
            {"environments":{"production":{"state":["approved"]}}}               | "state"
            {"environments":{"production":{"states":["good"]}}}                  | states "good"
            {"environments":{"production":{"metrics":[{"metric":"auc","atLeast":1,"during":"P7D"}]}}} | "during"
            {"environments":{"production":{"servedIn":[{"environment":"staging","since":"2027-01-01"}]}}} | "since"
            {"waivers":[{"version":"tumor@1","environment":"production","rule":"format","reason":"x","by":"u-1"}]} | "by"
            {"environments":{"production":{"formats":["pickle"]}}}               | pickle can carry code
            {"environments":{"production":{"metrics":[{"metric":"auc"}]}}}       | exactly one
            {"environments":{"production":{"metrics":[{"metric":"auc","atLeast":1,"tolerance":1}]}}} | tolerance
            {"environments":{"production":{"metrics":[{"metric":"auc","noWorseThan":"production","tolerance":-1}]}}} | tolerance
            {"environments":{"production":{"servedIn":[{"environment":"staging","atLeast":"7d"}]}}} | P7D
            {"waivers":[{"version":"tumor@1","environment":"production","rule":"role","reason":"x"}]} | role can't be waived
            {"waivers":[{"version":"tumor@1","environment":"production","rule":"format","reason":" "}]} | needs a reason
            {"waivers":[{"version":"tumor:production","environment":"production","rule":"format","reason":"x"}]} | version by number
            []                                                                   | not a JSON object
            """)
    void whatIsNoPolicyIsRefusedByName(String document, String problem) {
        assertThatThrownBy(() -> PolicyStore.parse(document))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(problem);
    }
}
