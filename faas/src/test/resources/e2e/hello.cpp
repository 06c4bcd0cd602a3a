#include <iostream>

int main() {
    std::cout << "Hello from FAAS!\n";
}
