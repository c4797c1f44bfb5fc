package io.modelregistry.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelregistry.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SignatureTest {
    private static final TensorSpec AGE = TensorSpec.column("age", DataType.FLOAT32);

    @Test
    void aTensorPrintsItsTypeAndShape() {
        assertThat(TensorSpec.tensor("x", DataType.FLOAT32, TensorSpec.ANY, 30).typeAndShape())
                .isEqualTo("float32[?, 30]");
        assertThat(TensorSpec.tensor("x", DataType.INT64).typeAndShape()).isEqualTo("int64[]");
        assertThat(AGE.typeAndShape()).isEqualTo("float32[?]");
        assertThat(TensorSpec.tensor("x", DataType.BFLOAT16, 0, Long.MAX_VALUE).typeAndShape())
                .isEqualTo("bfloat16[0, 9223372036854775807]");
    }

    @Test
    void aDimensionIsASizeOrAny() {
        assertThatThrownBy(() -> TensorSpec.tensor("x", DataType.FLOAT32, 1, -2))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Dimension -2 of x is not a size; use -1 for one that may vary");
    }

    @Test
    void aTensorHasANameThatFitsOnALine() {
        assertThatThrownBy(() -> TensorSpec.column(" ", DataType.STRING))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("The name of an input or output is blank");
        assertThatThrownBy(() -> TensorSpec.column("x".repeat(201), DataType.STRING))
                .hasMessageStartingWith("The name of an input or output has 201 characters; at most 200 are kept");
        assertThatThrownBy(() -> TensorSpec.column("a\nb", DataType.STRING))
                .hasMessageStartingWith("The name of an input or output has U+000A at position 2");
    }

    @Test
    void oneNameStandsForOneInputAndOneOutput() {
        assertThatThrownBy(() -> new Signature(List.of(AGE, AGE), List.of()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("The signature names the input \"age\" twice");
        assertThatThrownBy(() -> new Signature(List.of(), List.of(AGE, TensorSpec.column("age", DataType.INT8))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("The signature names the output \"age\" twice");
        assertThat(new Signature(List.of(AGE), List.of(AGE)).inputs()).containsExactly(AGE);
    }

    @Test
    void itNeverChanges() {
        List<TensorSpec> inputs = new ArrayList<>(List.of(AGE));
        List<Long> shape = new ArrayList<>(List.of(3L));
        Signature signature = new Signature(inputs, List.of());
        TensorSpec tensor = new TensorSpec("x", DataType.FLOAT32, shape);

        inputs.clear();
        shape.clear();

        assertThat(signature.inputs()).containsExactly(AGE).isUnmodifiable();
        assertThat(signature.outputs()).isUnmodifiable();
        assertThat(tensor.shape()).containsExactly(3L).isUnmodifiable();
    }
}
