using System.Collections.Immutable;
using System.Text;

namespace CareCoordination.Fhir.Schema;

/// <summary>JSON property name to meaning.</summary>
internal sealed class PropertyTable(ImmutableArray<ElementDefinition> elements)
{
    private readonly NameTable<PropertyBinding> _bindings = new([.. Bindings(elements)]);

    public PropertyBinding? Find(ReadOnlySpan<byte> name) => _bindings.Find(name);

    private static IEnumerable<(byte[], PropertyBinding)> Bindings(ImmutableArray<ElementDefinition> elements)
    {
        foreach (var element in elements)
        {
            foreach (var type in element.Types)
            {
                var name = element.JsonName(type.Type);
                yield return (Encoding.UTF8.GetBytes(name), new PropertyBinding(element, type.Type, IsShadow: false));
                if (type.Type.IsPrimitive)
                    yield return (
                        Encoding.UTF8.GetBytes("_" + name),
                        new PropertyBinding(element, type.Type, IsShadow: true)
                    );
            }
        }
    }
}
