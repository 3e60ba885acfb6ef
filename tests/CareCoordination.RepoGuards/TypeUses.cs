using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace CareCoordination.RepoGuards;

/// <summary>One type of an assembly uses another: in a signature, a base, an attribute or the body of a method.</summary>
/// <param name="User">Full name of the outermost type: what the compiler makes is nested in whatever it is made for.</param>
internal readonly record struct TypeUse(string User, string Used);

/// <summary>Which types of an assembly use which others of the same assembly.</summary>
internal sealed class TypeUses : ISignatureTypeProvider<string?, object?>
{
    private static readonly FrozenDictionary<int, OpCode> OpCodes = typeof(OpCodes)
        .GetFields()
        .Select(f => (OpCode)f.GetValue(null)!)
        .ToFrozenDictionary(o => o.Value & 0xFFFF);

    private readonly PEReader _file;
    private readonly MetadataReader _metadata;
    private readonly HashSet<TypeUse> _uses = [];
    private string _user = "";

    private TypeUses(PEReader file)
    {
        _file = file;
        _metadata = file.GetMetadataReader();
    }

    public static IReadOnlySet<TypeUse> Of(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var uses = new TypeUses(file);
        foreach (var handle in uses._metadata.TypeDefinitions)
            uses.Read(handle);
        return uses._uses;
    }

    /// <summary>Full names of the types of an assembly, those within others left out.</summary>
    public static ISet<string> Types(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var uses = new TypeUses(file);
        return uses._metadata.TypeDefinitions.Select(uses.OutermostName).ToHashSet(StringComparer.Ordinal);
    }

    private void Read(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        _user = OutermostName(handle);
        Use(type.BaseType);
        foreach (var implemented in type.GetInterfaceImplementations())
            Use(_metadata.GetInterfaceImplementation(implemented).Interface);
        Use(type.GetGenericParameters());
        Use(type.GetCustomAttributes());
        foreach (var field in type.GetFields().Select(_metadata.GetFieldDefinition))
        {
            Use(field.DecodeSignature(this, null));
            Use(field.GetCustomAttributes());
        }

        foreach (var property in type.GetProperties().Select(_metadata.GetPropertyDefinition))
            Use(property.GetCustomAttributes());
        foreach (var method in type.GetMethods().Select(_metadata.GetMethodDefinition))
            Read(method);
    }

    private void Read(MethodDefinition method)
    {
        method.DecodeSignature(this, null);
        Use(method.GetGenericParameters());
        Use(method.GetCustomAttributes());
        foreach (var parameter in method.GetParameters().Select(_metadata.GetParameter))
            Use(parameter.GetCustomAttributes());
        if (method.RelativeVirtualAddress == 0)
            return;
        var body = _file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
            _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(this, null);
        foreach (var region in body.ExceptionRegions)
            Use(region.CatchType);
        ReadCode(body.GetILReader());
    }

    private void ReadCode(BlobReader code)
    {
        while (code.RemainingBytes > 0)
        {
            int value = code.ReadByte();
            if (value == 0xFE)
                value = 0xFE00 | code.ReadByte();
            switch (OpCodes[value].OperandType)
            {
                case OperandType.InlineField
                or OperandType.InlineMethod
                or OperandType.InlineTok
                or OperandType.InlineType:
                    Use(MetadataTokens.EntityHandle(code.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    var targets = code.ReadInt32();
                    code.Offset += 4 * targets;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    code.Offset += 8;
                    break;
                case OperandType.InlineVar:
                    code.Offset += 2;
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    code.Offset += 1;
                    break;
                case OperandType.InlineNone:
                    break;
                default:
                    code.Offset += 4;
                    break;
            }
        }
    }

    private void Use(EntityHandle handle)
    {
        if (handle.IsNil)
            return;
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                Use(OutermostName((TypeDefinitionHandle)handle));
                break;
            case HandleKind.TypeSpecification:
                _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null);
                break;
            case HandleKind.MethodDefinition:
                Use(_metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.FieldDefinition:
                Use(_metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                Use(_metadata.GetMemberReference((MemberReferenceHandle)handle));
                break;
            case HandleKind.MethodSpecification:
                var method = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                method.DecodeSignature(this, null);
                Use(method.Method);
                break;
        }
    }

    private void Use(MemberReference member)
    {
        Use(member.Parent);
        if (member.GetKind() == MemberReferenceKind.Method)
            member.DecodeMethodSignature(this, null);
        else
            member.DecodeFieldSignature(this, null);
    }

    private void Use(GenericParameterHandleCollection parameters)
    {
        foreach (var parameter in parameters.Select(_metadata.GetGenericParameter))
        {
            foreach (var constraint in parameter.GetConstraints())
                Use(_metadata.GetGenericParameterConstraint(constraint).Type);
        }
    }

    private void Use(CustomAttributeHandleCollection attributes)
    {
        foreach (var attribute in attributes)
            Use(_metadata.GetCustomAttribute(attribute).Constructor);
    }

    private string? Use(string? used)
    {
        if (used is not null && used != _user)
            _uses.Add(new TypeUse(_user, used));
        return used;
    }

    private string OutermostName(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil)
            type = _metadata.GetTypeDefinition(type.GetDeclaringType());
        return $"{_metadata.GetString(type.Namespace)}.{_metadata.GetString(type.Name).Split('`')[0]}";
    }

    public string? GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        Use(OutermostName(handle));

    public string? GetTypeFromSpecification(
        MetadataReader reader,
        object? genericContext,
        TypeSpecificationHandle handle,
        byte rawTypeKind
    ) => reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public string? GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => null;

    public string? GetPrimitiveType(PrimitiveTypeCode typeCode) => null;

    public string? GetGenericInstantiation(string? genericType, ImmutableArray<string?> typeArguments) => genericType;

    public string? GetGenericMethodParameter(object? genericContext, int index) => null;

    public string? GetGenericTypeParameter(object? genericContext, int index) => null;

    public string? GetSZArrayType(string? elementType) => elementType;

    public string? GetArrayType(string? elementType, ArrayShape shape) => elementType;

    public string? GetByReferenceType(string? elementType) => elementType;

    public string? GetPointerType(string? elementType) => elementType;

    public string? GetPinnedType(string? elementType) => elementType;

    public string? GetModifiedType(string? modifier, string? unmodifiedType, bool isRequired) => unmodifiedType;

    public string? GetFunctionPointerType(MethodSignature<string?> signature) => null;
}
