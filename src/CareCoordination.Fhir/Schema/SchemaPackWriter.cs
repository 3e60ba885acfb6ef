using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace CareCoordination.Fhir.Schema;

/// <summary>Writes the format drawn at <see cref="SchemaPack"/>. Strings are numbered in the order they are first used.</summary>
internal sealed class SchemaPackWriter(FhirSchema schema)
{
    private readonly MemoryStream _body = new();
    private readonly Dictionary<string, int> _strings = new(StringComparer.Ordinal);
    private readonly List<string> _stringList = [];

    // The reader numbers resource types as they come.
    private readonly TypeDefinition[] _types =
    [
        .. schema.Types.Values.OrderBy(t => t.ResourceTypeId).ThenBy(t => t.Name, StringComparer.Ordinal),
    ];
    private readonly CodeSet[] _codeSets = [.. schema.CodeSets.Values.OrderBy(c => c.Url, StringComparer.Ordinal)];

    public byte[] Write()
    {
        var typeNumbers = Numbers(_types);
        WriteTypes(typeNumbers);

        var elements = _types.SelectMany(t => t.Elements).ToArray();
        var typeLists = Distinct(elements.Select(e => e.Types), TypeListKey);
        var invariants = Distinct(
            _types.SelectMany(t => t.Invariants).Concat(elements.SelectMany(e => e.Invariants)),
            i => i
        );
        var bindings = Distinct(elements.Where(e => e.Binding is not null).Select(e => e.Binding!), b => b);

        List(typeLists.Items, types => List(types, t => WriteElementType(t, typeNumbers)));
        List(invariants.Items, WriteInvariant);
        List(_codeSets, WriteCodeSet);
        var codeSetNumbers = Numbers(_codeSets);
        List(bindings.Items, b => WriteBinding(b, codeSetNumbers));
        foreach (var type in _types)
        {
            List(type.Invariants, i => Number(invariants.Number(i)));
            List(
                type.Elements,
                e =>
                    WriteElement(
                        e,
                        typeLists.Number(e.Types),
                        e.Binding is null ? null : bindings.Number(e.Binding),
                        invariants.Number
                    )
            );
        }

        List(schema.SearchParameters, WriteParameter);
        List(schema.Compartments, WriteCompartment);
        return Assemble();
    }

    private void WriteTypes(Dictionary<TypeDefinition, int> numbers) =>
        List(
            _types,
            type =>
            {
                Text(type.Name);
                Number((int)type.Kind);
                Number(type.IsAbstract ? 1 : 0);
                Number(type.Base is null ? 0 : numbers[type.Base] + 1);
            }
        );

    private void WriteElementType(ElementType type, Dictionary<TypeDefinition, int> numbers)
    {
        Number(numbers[type.Type]);
        Texts(type.Targets);
    }

    private void WriteInvariant(Invariant invariant)
    {
        Text(invariant.Key);
        Number(invariant.IsError ? 1 : 0);
        Text(invariant.Expression);
    }

    private void WriteCodeSet(CodeSet set)
    {
        Text(set.Url);
        List(
            set.Codes,
            code =>
            {
                Text(code.System);
                Text(code.Value);
                Text(code.Display);
            }
        );
    }

    private void WriteBinding(CodeBinding binding, Dictionary<CodeSet, int> codeSetNumbers)
    {
        Number((int)binding.Strength);
        Text(binding.ValueSet);
        Number(binding.Codes is null ? 0 : codeSetNumbers[binding.Codes] + 1);
    }

    private void WriteElement(ElementDefinition element, int typeList, int? binding, Func<Invariant, int> invariant)
    {
        var flags = SchemaPack.ElementFlags.None;
        if (element.IsChoice)
            flags |= SchemaPack.ElementFlags.Choice;
        if (element.IsSummary)
            flags |= SchemaPack.ElementFlags.Summary;
        if (element.IsModifier)
            flags |= SchemaPack.ElementFlags.Modifier;
        if (binding is not null)
            flags |= SchemaPack.ElementFlags.HasBinding;
        if (!element.Invariants.IsEmpty)
            flags |= SchemaPack.ElementFlags.HasInvariants;
        Text(element.Name);
        Number((int)flags);
        Number(element.Min);
        Number(element.Max == ElementDefinition.Unbounded ? 0 : element.Max);
        Number(typeList);
        if (binding is not null)
            Number(binding.Value);
        if (!element.Invariants.IsEmpty)
            List(element.Invariants, i => Number(invariant(i)));
    }

    private void WriteParameter(SearchParameterDefinition parameter)
    {
        Text(parameter.Url);
        Text(parameter.Code);
        Text(parameter.Type);
        Texts(parameter.Bases);
        Text(parameter.Expression);
        Texts(parameter.Targets);
        List(
            parameter.Components,
            c =>
            {
                Text(c.Definition);
                Text(c.Expression);
            }
        );
    }

    private void WriteCompartment(CompartmentDefinition compartment)
    {
        Text(compartment.Code);
        List(
            [.. compartment.Parameters.OrderBy(p => p.Key, StringComparer.Ordinal)],
            p =>
            {
                Text(p.Key);
                Texts(p.Value);
            }
        );
    }

    private byte[] Assemble()
    {
        using var pack = new MemoryStream();
        Span<byte> magic = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(magic, SchemaPack.Magic);
        pack.Write(magic);
        Number(pack, (int)SchemaPack.Version);
        Number(pack, _stringList.Count);
        foreach (var text in _stringList)
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            Number(pack, utf8.Length);
            pack.Write(utf8);
        }

        _body.WriteTo(pack);
        return pack.ToArray();
    }

    private static Dictionary<T, int> Numbers<T>(T[] items)
        where T : class => items.Select((item, number) => (item, number)).ToDictionary(p => p.item, p => p.number);

    private static string TypeListKey(ImmutableArray<ElementType> types) =>
        string.Join('|', types.Select(t => $"{t.Type.Name}({string.Join(',', t.Targets)})"));

    private static Shared<T, TKey> Distinct<T, TKey>(IEnumerable<T> items, Func<T, TKey> key)
        where TKey : notnull => new(items, key);

    private void List<T>(IReadOnlyCollection<T> items, Action<T> write)
    {
        Number(items.Count);
        foreach (var item in items)
            write(item);
    }

    private void Texts(ImmutableArray<string> texts) => List(texts, Text);

    private void Text(string text)
    {
        if (!_strings.TryGetValue(text, out var number))
        {
            number = _stringList.Count;
            _strings.Add(text, number);
            _stringList.Add(text);
        }

        Number(number);
    }

    private void Number(int value) => Number(_body, value);

    private static void Number(MemoryStream stream, int value)
    {
        var rest = (uint)value;
        for (; rest >= 0x80; rest >>= 7)
            stream.WriteByte((byte)(rest | 0x80));
        stream.WriteByte((byte)rest);
    }

    /// <summary>Equal items numbered once, in order of first appearance.</summary>
    private sealed class Shared<T, TKey>
        where TKey : notnull
    {
        private readonly Dictionary<TKey, int> _numbers = [];
        private readonly Func<T, TKey> _key;

        public Shared(IEnumerable<T> items, Func<T, TKey> key)
        {
            _key = key;
            foreach (var item in items)
            {
                if (_numbers.TryAdd(key(item), Items.Count))
                    Items.Add(item);
            }
        }

        public List<T> Items { get; } = [];

        public int Number(T item) => _numbers[_key(item)];
    }
}
