using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace CareCoordination.RepoGuards;

/// <summary>Methods that an assembly refers to, as text: <c>System.Linq.Enumerable.Order&lt;string&gt;(IEnumerable&lt;!!0&gt;)</c>.</summary>
internal sealed class SignatureNames(MetadataReader metadata) : ISignatureTypeProvider<string, object?>
{
    /// <summary>Every method of other assemblies, and every generic one of theirs, that the assembly calls.</summary>
    public static List<string> Calls(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        var names = new SignatureNames(metadata);
        var calls = new List<string?>();
        for (var row = 1; row <= metadata.GetTableRowCount(TableIndex.MemberRef); row++)
            calls.Add(names.Of(MetadataTokens.MemberReferenceHandle(row), ""));
        for (var row = 1; row <= metadata.GetTableRowCount(TableIndex.MethodSpec); row++)
            calls.Add(names.Of(MetadataTokens.MethodSpecificationHandle(row)));
        return [.. calls.OfType<string>()];
    }

    /// <summary>Null for what is no method.</summary>
    private string? Of(MemberReferenceHandle handle, string typeArguments)
    {
        var member = metadata.GetMemberReference(handle);
        if (member.GetKind() != MemberReferenceKind.Method)
            return null;
        var parent = member.Parent.Kind switch
        {
            HandleKind.TypeReference => FullName((TypeReferenceHandle)member.Parent),
            HandleKind.TypeSpecification => OuterName((TypeSpecificationHandle)member.Parent),
            _ => "",
        };
        var parameters = member.DecodeMethodSignature(this, null).ParameterTypes;
        return $"{parent}.{metadata.GetString(member.Name)}{typeArguments}({string.Join(", ", parameters)})";
    }

    private string? Of(MethodSpecificationHandle handle)
    {
        var method = metadata.GetMethodSpecification(handle);
        return method.Method.Kind == HandleKind.MemberReference
            ? Of((MemberReferenceHandle)method.Method, $"<{string.Join(", ", method.DecodeSignature(this, null))}>")
            : null;
    }

    private string OuterName(TypeSpecificationHandle handle)
    {
        var specification = metadata.GetTypeSpecification(handle);
        var name = specification.DecodeSignature(this, null);
        // The namespace of the generic type itself, which names of arguments do without.
        var reader = metadata.GetBlobReader(specification.Signature);
        if (reader.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            return name;
        reader.ReadByte();
        return reader.ReadTypeHandle() is { Kind: HandleKind.TypeReference } type
            ? $"{metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)type).Namespace)}.{name}"
            : name;
    }

    private string FullName(TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        var (space, name) = (metadata.GetString(type.Namespace), metadata.GetString(type.Name));
        return (space, name) switch
        {
            ("System", "String") => "string",
            _ => $"{space}.{name}",
        };
    }

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) =>
        typeCode switch
        {
            PrimitiveTypeCode.String => "string",
            PrimitiveTypeCode.Int32 => "int",
            _ => typeCode.ToString(),
        };

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        Bare(reader.GetString(reader.GetTypeReference(handle).Name));

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        Bare(reader.GetString(reader.GetTypeDefinition(handle).Name));

    public string GetTypeFromSpecification(
        MetadataReader reader,
        object? genericContext,
        TypeSpecificationHandle handle,
        byte rawTypeKind
    ) => reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) =>
        $"{genericType}<{string.Join(", ", typeArguments)}>";

    public string GetGenericMethodParameter(object? genericContext, int index) => $"!!{index}";

    public string GetGenericTypeParameter(object? genericContext, int index) => $"!{index}";

    public string GetSZArrayType(string elementType) => $"{elementType}[]";

    public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{shape.Rank}]";

    public string GetByReferenceType(string elementType) => $"{elementType}&";

    public string GetPointerType(string elementType) => $"{elementType}*";

    public string GetPinnedType(string elementType) => elementType;

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    public string GetFunctionPointerType(MethodSignature<string> signature) => "function";

    private static string Bare(string name) => name.Split('`')[0];
}
