package io.modelregistry.core.version;

import io.modelregistry.core.json.Constants;
import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.version.ConfidenceInterval;
import io.modelregistry.version.Direction;
import io.modelregistry.version.Metric;

/** A metric as it is stored. */
final class MetricCodec {
    private MetricCodec() {}

    static Json.Obj encode(Metric metric) {
        return Json.object()
                .put("name", metric.name())
                .put("value", metric.value())
                .put("direction", Constants.text(metric.direction()))
                .optional("dataset", metric.dataset())
                .optional("slice", metric.slice())
                .optional(
                        "interval",
                        metric.interval(),
                        i -> Json.object()
                                .put("lower", i.lower())
                                .put("upper", i.upper())
                                .put("level", i.level())
                                .build())
                .build();
    }

    static Metric decode(Fields fields) {
        Fields interval = fields.objectOrNull("interval");
        return new Metric(
                fields.text("name"),
                fields.decimal("value"),
                fields.constant("direction", Direction.class),
                fields.textOrNull("dataset"),
                fields.textOrNull("slice"),
                interval == null
                        ? null
                        : new ConfidenceInterval(
                                interval.decimal("lower"), interval.decimal("upper"), interval.decimal("level")));
    }
}
