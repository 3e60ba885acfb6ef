using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace CareCoordination.Fhir.Schema;

/// <summary>
/// Reads the format drawn at <see cref="SchemaPack"/>. It runs once, at the start of a server: the loops that read most
/// are compiled with full optimization at once, and no more generic types are made than the schema needs.
/// </summary>
internal ref struct SchemaPackReader(ReadOnlySpan<byte> pack)
{
    private readonly FhirSchema _schema = new();
    private readonly ReadOnlySpan<byte> _pack = pack;
    private int _position;
    private string[] _strings = [];
    private TypeDefinition[] _types = [];
    private ImmutableArray<ElementType>[] _typeLists = [];
    private Invariant[] _invariants = [];
    private CodeSet[] _codeSets = [];
    private CodeBinding[] _bindings = [];

    public FhirSchema Read()
    {
        ReadHeader();
        ReadStrings();
        ReadTypes();
        ReadShared();
        foreach (var type in _types)
            ReadBody(type);
        ReadParameters();
        ReadCompartments();
        if (_position != _pack.Length)
            throw new InvalidDataException(
                "The schema pack has bytes after its end; compile it again with tools/SpecPack."
            );
        return _schema;
    }

    private void ReadHeader()
    {
        if (_pack.Length < 5 || BinaryPrimitives.ReadUInt32LittleEndian(_pack) != SchemaPack.Magic)
            throw new InvalidDataException("The data is no schema pack; compile one with tools/SpecPack.");
        _position = 4;
        var version = Number();
        if (version != SchemaPack.Version)
        {
            throw new InvalidDataException(
                $"The schema pack has format version {version}, this library reads version {SchemaPack.Version}; compile it again with tools/SpecPack."
            );
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadStrings()
    {
        _strings = new string[Number()];
        for (var i = 0; i < _strings.Length; i++)
        {
            var length = Number();
            _strings[i] = Encoding.UTF8.GetString(_pack.Slice(_position, length));
            _position += length;
        }
    }

    private void ReadTypes()
    {
        _types = new TypeDefinition[Number()];
        var bases = new int[_types.Length];
        var byName = new Dictionary<string, TypeDefinition>(_types.Length, StringComparer.Ordinal);
        var resources = ImmutableArray.CreateBuilder<TypeDefinition>();
        for (var i = 0; i < _types.Length; i++)
        {
            var type = new TypeDefinition(_schema, Text(), (TypeKind)Number(), Number() == 1);
            bases[i] = Number();
            _types[i] = type;
            byName.Add(type.Name, type);
            if (type is { IsResource: true, IsAbstract: false })
            {
                resources.Add(type);
                type.ResourceTypeId = (short)resources.Count;
            }
        }

        for (var i = 0; i < _types.Length; i++)
            _types[i].Base = bases[i] == 0 ? null : _types[bases[i] - 1];
        _schema.Types = byName.ToFrozenDictionary(StringComparer.Ordinal);
        _schema.Resources = resources.DrainToImmutable();
    }

    private void ReadShared()
    {
        _typeLists = new ImmutableArray<ElementType>[Number()];
        for (var i = 0; i < _typeLists.Length; i++)
        {
            var types = new ElementType[Number()];
            for (var j = 0; j < types.Length; j++)
                types[j] = new ElementType(_types[Number()], Texts());
            _typeLists[i] = ImmutableCollectionsMarshal.AsImmutableArray(types);
        }

        _invariants = new Invariant[Number()];
        for (var i = 0; i < _invariants.Length; i++)
            _invariants[i] = new Invariant(Text(), Number() == 1, Text());

        _codeSets = new CodeSet[Number()];
        var byUrl = new Dictionary<string, CodeSet>(_codeSets.Length, StringComparer.Ordinal);
        for (var i = 0; i < _codeSets.Length; i++)
        {
            var url = Text();
            var codes = new Code[Number()];
            for (var j = 0; j < codes.Length; j++)
                codes[j] = new Code(Text(), Text(), Text());
            _codeSets[i] = new CodeSet(url, ImmutableCollectionsMarshal.AsImmutableArray(codes));
            byUrl.Add(url, _codeSets[i]);
        }

        _schema.CodeSets = byUrl.ToFrozenDictionary(StringComparer.Ordinal);

        _bindings = new CodeBinding[Number()];
        for (var i = 0; i < _bindings.Length; i++)
        {
            var strength = (BindingStrength)Number();
            var valueSet = Text();
            var codes = Number();
            _bindings[i] = new CodeBinding(strength, valueSet, codes == 0 ? null : _codeSets[codes - 1]);
        }
    }

    private void ReadBody(TypeDefinition type)
    {
        type.Invariants = Invariants();
        var elements = new ElementDefinition[Number()];
        for (var i = 0; i < elements.Length; i++)
        {
            var name = Text();
            var flags = (SchemaPack.ElementFlags)Number();
            var min = Number();
            var max = Number();
            var isChoice = flags.HasFlag(SchemaPack.ElementFlags.Choice);
            elements[i] = new ElementDefinition
            {
                Name = name,
                Path = isChoice ? $"{type.Name}.{name}[x]" : $"{type.Name}.{name}",
                Min = min,
                Max = max == 0 ? ElementDefinition.Unbounded : max,
                IsChoice = isChoice,
                IsSummary = flags.HasFlag(SchemaPack.ElementFlags.Summary),
                IsModifier = flags.HasFlag(SchemaPack.ElementFlags.Modifier),
                Types = _typeLists[Number()],
                Binding = flags.HasFlag(SchemaPack.ElementFlags.HasBinding) ? _bindings[Number()] : null,
                Invariants = flags.HasFlag(SchemaPack.ElementFlags.HasInvariants) ? Invariants() : [],
            };
        }

        type.Elements = ImmutableCollectionsMarshal.AsImmutableArray(elements);
    }

    private void ReadParameters()
    {
        var parameters = new SearchParameterDefinition[Number()];
        for (var i = 0; i < parameters.Length; i++)
        {
            var (url, code, type, bases, expression, targets) = (Text(), Text(), Text(), Texts(), Text(), Texts());
            var components = new SearchParameterComponent[Number()];
            for (var j = 0; j < components.Length; j++)
                components[j] = new SearchParameterComponent(Text(), Text());
            parameters[i] = new(
                url,
                code,
                type,
                bases,
                expression,
                targets,
                ImmutableCollectionsMarshal.AsImmutableArray(components)
            );
        }

        _schema.SearchParameters = ImmutableCollectionsMarshal.AsImmutableArray(parameters);
    }

    private void ReadCompartments()
    {
        var compartments = new CompartmentDefinition[Number()];
        for (var i = 0; i < compartments.Length; i++)
        {
            var code = Text();
            var count = Number();
            var parameters = new Dictionary<string, ImmutableArray<string>>(count, StringComparer.Ordinal);
            for (var j = 0; j < count; j++)
                parameters.Add(Text(), Texts());
            compartments[i] = new CompartmentDefinition(code, parameters);
        }

        _schema.Compartments = ImmutableCollectionsMarshal.AsImmutableArray(compartments);
    }

    private ImmutableArray<Invariant> Invariants()
    {
        var count = Number();
        if (count == 0)
            return [];
        var invariants = new Invariant[count];
        for (var i = 0; i < count; i++)
            invariants[i] = _invariants[Number()];
        return ImmutableCollectionsMarshal.AsImmutableArray(invariants);
    }

    private ImmutableArray<string> Texts()
    {
        var count = Number();
        if (count == 0)
            return [];
        var texts = new string[count];
        for (var i = 0; i < count; i++)
            texts[i] = Text();
        return ImmutableCollectionsMarshal.AsImmutableArray(texts);
    }

    private string Text() => _strings[Number()];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Number()
    {
        var value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = _pack[_position++];
            value |= (next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
