package io.modelregistry.spring;

import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelRegistry;
import io.modelregistry.VersionReference;
import io.modelregistry.serving.Loader;
import io.modelregistry.serving.ModelHandle;
import io.modelregistry.serving.ServingOptions;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionOverrideException;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.type.MethodMetadata;

/** Makes a bean of {@link ModelHandle} for each {@link Loader} that {@link Serves} something. */
final class ServedModels implements BeanDefinitionRegistryPostProcessor, EnvironmentAware {
    private static final String VALUE = "value";

    private Environment properties = new StandardEnvironment();

    @Override
    public void setEnvironment(Environment environment) {
        properties = environment;
    }

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry beans) {
        for (String loader : beans.getBeanDefinitionNames()) {
            String reference = reference(beans.getBeanDefinition(loader));
            if (reference != null) {
                register(beans, loader, properties.resolveRequiredPlaceholders(reference));
            }
        }
    }

    private static @Nullable String reference(BeanDefinition bean) {
        MethodMetadata method =
                bean instanceof AnnotatedBeanDefinition annotated ? annotated.getFactoryMethodMetadata() : null;
        Map<String, Object> serves = method == null ? null : method.getAnnotationAttributes(Serves.class.getName());
        return serves == null ? null : (String) serves.get(VALUE);
    }

    private static void register(BeanDefinitionRegistry beans, String loader, String reference) {
        ConfigurableListableBeanFactory factory = (ConfigurableListableBeanFactory) beans;
        if (!factory.isTypeMatch(loader, Loader.class)) {
            throw new InvalidRequestException("The bean " + loader + " has @Serves(\"" + reference + "\") and is a "
                    + factory.getType(loader) + "; only a Loader can be served");
        }
        if (beans.containsBeanDefinition(reference)) {
            throw new BeanDefinitionOverrideException(
                    reference, beans.getBeanDefinition(loader), beans.getBeanDefinition(reference));
        }
        ResolvableType model = ((AbstractBeanDefinition) factory.getMergedBeanDefinition(loader))
                .getResolvableType()
                .as(Loader.class)
                .getGeneric(0);
        RootBeanDefinition handle = new RootBeanDefinition(ServedModels.class);
        handle.setFactoryMethodName("serve");
        handle.setTargetType(ResolvableType.forClassWithGenerics(ModelHandle.class, model));
        handle.getConstructorArgumentValues().addIndexedArgumentValue(0, reference);
        handle.getConstructorArgumentValues().addIndexedArgumentValue(1, new RuntimeBeanReference(loader));
        handle.setAutowireMode(AbstractBeanDefinition.AUTOWIRE_CONSTRUCTOR);
        handle.setDestroyMethodName("close");
        beans.registerBeanDefinition(reference, handle);
    }

    /** Of the beans it makes. */
    static <T> ModelHandle<T> serve(
            String reference, Loader<T> loader, ModelRegistry registry, ObjectProvider<ServingOptions> options) {
        if (!(VersionReference.parse(reference) instanceof VersionReference.ByEnvironment served)) {
            throw new InvalidRequestException(
                    "@Serves(\"" + reference
                            + "\") names no environment; what can be kept up to date is model:environment, such as tumor:production");
        }
        return registry.model(served.model().value())
                .environment(served.environment().value())
                .serve(loader, options.getIfUnique(ServingOptions::defaults));
    }
}
